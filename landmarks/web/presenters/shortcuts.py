"""Keyboard shortcuts as text; the scripts controls, points, measures and history carry them out."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Shortcuts:
    """A column of the list: keys as they are labelled, and what they do."""

    heading: str
    rows: tuple[tuple[tuple[str, ...], str], ...]


@dataclass(frozen=True)
class Page:
    """The columns of one page; its button opens them by this name."""

    name: str
    heading: str
    columns: tuple[Shortcuts, ...]


RESULT = (
    Shortcuts(
        "Navigate",
        (
            (("Tab",), "focus the photo"),
            (("←", "→"), "next point, in the photo"),
            (("[", "]"), "next region"),
            (("f", "Shift f"), "next or previous face"),
            (("+", "−"), "zoom in and out"),
            (("0",), "show the whole photo"),
            (("z",), "zoom to the face"),
            (("j", "k"), "older or newer result"),
            (("m",), "measures"),
            (("↑", "↓"), "next measure, in the table"),
            (("u",), "next unit of measures"),
        ),
    ),
    Shortcuts(
        "Show and hide",
        (
            (("p",), "points"),
            (("l",), "lines"),
            (("n",), "numbers"),
            (("w",), "mesh of lines, if it was kept"),
            (("1", "…", "9"), "a region, in legend order"),
            (("Shift 1", "…", "9"), "only that region"),
            (("Esc",), "close what is open"),
            (("?",), "this list"),
        ),
    ),
)

HISTORY = (
    Shortcuts(
        "Navigate",
        (
            (("j", "k"), "next or previous result"),
            (("Enter",), "open it"),
            (("/",), "search"),
            (("?",), "this list"),
        ),
    ),
    Shortcuts(
        "Select",
        (
            (("x",), "select the result"),
            (("Shift x",), "select all up to it"),
            (("Ctrl a",), "select the page, then all"),
            (("Esc",), "clear the selection"),
            (("Del",), "delete the selection"),
        ),
    ),
)

PAGES = (Page("result", "On a result", RESULT), Page("history", "In the history", HISTORY))
