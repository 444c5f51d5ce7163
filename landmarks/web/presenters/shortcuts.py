"""The keys of the pages in words; on a result's page static/js/keys.js finds what each does by its `data-key`."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Shortcuts:
    """A column of the sheet: keys, each written as it is pressed, and what they do."""

    heading: str
    rows: tuple[tuple[tuple[str, ...], str], ...]


RESULT = (
    Shortcuts(
        "Look around",
        (
            (("Tab",), "to the photo"),
            (("←", "→"), "next point, once there"),
            (("[", "]"), "next region"),
            (("f", "Shift f"), "next or previous face"),
            (("+", "−"), "zoom in and out"),
            (("0",), "the whole photo"),
            (("z",), "zoom to the face"),
            (("j", "k"), "older or newer result"),
        ),
    ),
    Shortcuts(
        "Choose what is shown",
        (
            (("p",), "points"),
            (("l",), "lines"),
            (("n",), "numbers"),
            (("1", "…", "9"), "a region, in the order of the legend"),
            (("Shift 1", "…", "9"), "only that region"),
            (("Esc",), "close what is open"),
            (("?",), "this sheet"),
        ),
    ),
)

HISTORY = (
    Shortcuts(
        "Look around",
        (
            (("j", "k"), "next or previous result"),
            (("Enter",), "open it"),
            (("/",), "search"),
            (("?",), "this sheet"),
        ),
    ),
    Shortcuts(
        "Choose results",
        (
            (("x",), "select the result"),
            (("Shift x",), "all from the last one on"),
            (("Del",), "delete what is selected"),
        ),
    ),
)
