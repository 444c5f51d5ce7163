"""What a token has left, in the headers of every response."""

from django.test import Client

from tests.api.conftest import ANALYZE, RESULTS, MakeToken, Program, error_of


def left(response: object) -> tuple[int, int]:
    headers = response.headers  # type: ignore[attr-defined]
    assert 0 < int(headers["RateLimit-Reset"]) <= 60
    return int(headers["RateLimit-Limit"]), int(headers["RateLimit-Remaining"])


def test_each_response_reports_what_is_left(make_token: MakeToken) -> None:
    program = Program(make_token(rate="4/min"), Client())
    assert left(program.get(RESULTS)) == (4, 3)
    assert left(program.get(f"{RESULTS}?nothing=1")) == (4, 2)
    assert left(program.analyze()) == (4, 1)
    assert left(program.post("/api/v1/files/")) == (4, 0)
    refused = program.get(RESULTS)
    assert error_of(refused) == (429, "too_many_requests")
    assert left(refused) == (4, 0)
    assert refused.headers["RateLimit-Reset"] == refused.headers["Retry-After"]


def test_without_a_limit_there_is_nothing_to_report(make_token: MakeToken) -> None:
    response = Program(make_token(rate="off"), Client()).get(RESULTS)
    assert not [name for name in response.headers if name.lower().startswith("ratelimit")]


def test_without_a_valid_token_nothing_is_reported(db: None) -> None:
    response = Client().post(ANALYZE, headers={"Authorization": "Bearer wrong"})
    assert response.status_code == 401
    assert "RateLimit-Limit" not in response.headers
