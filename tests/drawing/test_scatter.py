"""The scatter of a measure."""

import re
from xml.etree import ElementTree

import pytest

from landmarks.drawing.scatter import HEIGHT, WIDTH, Places, Series, Theme, Value, draw_scatter, range_of

SVG = "{http://www.w3.org/2000/svg}"
LEFT = Series("Left", [Value(1, 10.0, 1.0), Value(2, 12.0, 1.0), Value(3, 11.0, None)])
RIGHT = Series("Right", [Value(1, 9.0, 0.5), Value(3, 9.5, 0.5)])


def drawn(*series: Series, count: int = 3, **more) -> ElementTree.Element:
    return ElementTree.fromstring(draw_scatter("Brow <height>", "result", Places(count), series, **more))  # noqa: S314 -- ours


def test_values_are_where_the_axis_says():
    root = drawn(LEFT)
    ticks = {
        float(text.text.replace("−", "-")): float(text.get("y")) - 4
        for text in root.iter(f"{SVG}text")
        if text.get("text-anchor") == "end"
    }
    discs = [(float(disc.get("cx")), float(disc.get("cy"))) for disc in root.iter(f"{SVG}circle")]
    (low, low_y), (high, high_y) = min(ticks.items()), max(ticks.items())
    for (_, y), value in zip(discs, (10, 12, 11), strict=True):
        assert low + (low_y - y) / (low_y - high_y) * (high - low) == pytest.approx(value, abs=0.02)
    assert discs == sorted(discs)


def test_two_series_have_marks_of_their_own_and_a_legend():
    root = drawn(LEFT, RIGHT)
    squares = [rect for rect in root.iter(f"{SVG}rect") if rect.get("x")]
    assert (len(list(root.iter(f"{SVG}circle"))), len(squares)) == (3 + 1, 2 + 1)
    assert {"Left", "Right"} <= {text.text for text in root.iter(f"{SVG}text")}


def test_values_may_be_drawn_against_other_values():
    pairs = Series("Whole", [Value(-5.0, 10.0, 1.0, 2.0), Value(5.0, 12.0, None, None), Value(0.0, 11.0, 0.5)])
    root = ElementTree.fromstring(draw_scatter("Up", "Across", None, [pairs]))  # noqa: S314 -- ours
    discs = [float(disc.get("cx")) for disc in root.iter(f"{SVG}circle")]
    assert discs[2] == pytest.approx((discs[0] + discs[1]) / 2, abs=0.1)
    bars = [path.get("d") for path in root.iter(f"{SVG}path") if path.get("stroke-opacity")]
    assert ["V" in bar for bar in bars] == [True, False, True]
    labels = [text.text for text in root.iter(f"{SVG}text") if text.get("text-anchor") == "middle"]
    assert labels[0].startswith("−") and labels[-1] == "Across"


def test_each_error_is_a_bar():
    bars = [path for path in drawn(LEFT, RIGHT).iter(f"{SVG}path") if "V" in path.get("d")]
    assert len(bars) == 4


def test_names_are_text_and_nothing_lies_outside():
    root = drawn(LEFT, RIGHT)
    assert root.find(f"{SVG}title").text == "Brow <height>"
    for mark in root.iter(f"{SVG}circle"):
        assert 0 < float(mark.get("cx")) < WIDTH
        assert 0 < float(mark.get("cy")) < HEIGHT


def test_the_dark_theme_has_a_dark_ground():
    grounds = [drawn(LEFT, theme=theme).find(f"{SVG}rect").get("fill") for theme in Theme]
    assert grounds == ["#FFFFFF", "#211D1A"]


@pytest.mark.parametrize("count", [0, 1, 1000])
def test_any_number_of_values_can_be_drawn(count):
    series = Series("All", [Value(place, 5.0, 0.1) for place in range(1, count + 1)])
    assert len(list(drawn(series, count=count).iter(f"{SVG}circle"))) == count


@pytest.mark.parametrize(
    ("values", "steps"), [((0.0, 6.0), (0, 7, 1)), ((-3.0, 40.0), (-10, 50, 10)), ((5.0, 5.0), (5, 6, 1))]
)
def test_ticks_are_round_numbers_around_the_values(values, steps):
    span = range_of([Value(1, value, None) for value in values])
    assert (span.low, span.high, span.step) == pytest.approx(steps)


def test_no_style_is_written_that_the_policy_of_pages_forbids():
    assert not re.search("style", draw_scatter("x", "y", Places(3), [LEFT, RIGHT]))
