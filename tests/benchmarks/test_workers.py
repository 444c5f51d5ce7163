"""Workers beside bare engines: what is made of their figures."""

from benchmarks.workers import Round, find_problems, rate_of, to_tables


def rounds(*, two: float, bare_two: float, cpu: float) -> list[dict[str, Round]]:
    return [
        {
            "workers, 1": Round(10.0, cpu),
            "workers, 2": Round(two, cpu),
            "bare engines, 1": Round(12.0, 0.04),
            "bare engines, 2": Round(bare_two, 0.04),
        }
    ]


def test_the_rate_begins_when_all_are_at_work() -> None:
    seconds = (0, 30, 31, 32, 33)
    rows = [{"finished": f"2026-03-01T12:00:{second:02}+00:00"} for second in seconds]
    assert rate_of(rows, 2) == 1.0


def test_gains_and_costs_are_compared_with_those_of_bare_engines() -> None:
    tables = to_tables(rounds(two=18.0, bare_two=23.0, cpu=0.043))
    assert tables["gain"].rows["workers"]["gain"].median == 1.8
    assert tables["ratio"].rows["workers"]["ratio"].median == 1.075
    assert find_problems(tables) == []


def test_workers_that_hold_each_other_up_or_cost_too_much_are_problems() -> None:
    assert len(find_problems(to_tables(rounds(two=12.0, bare_two=23.0, cpu=0.05)))) == 2
    # Where two bare engines gain no more, it is the machine.
    assert find_problems(to_tables(rounds(two=14.0, bare_two=17.0, cpu=0.04))) == []
