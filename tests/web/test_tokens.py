"""The colours of the pages: in both themes text and edges stand out from whatever they lie on."""

import re
from itertools import product

import pytest

from tests.conftest import BASE_DIR

GROUNDS = ("paper", "surface", "sunk", "soft")
LOWEST = {"ink": 12.0, "ink2": 6.1, "accent": 6.3, "bad": 5.9, "edge": 3.2}
TOKEN = re.compile(r"--([a-z0-9]+): (#[0-9A-F]{6});")
THEMES = ("light", "dark")


def tokens(theme: str) -> dict[str, str]:
    light, dark, *_ = re.findall(r":root \{(.*?)\}", (BASE_DIR / "static/css/site.css").read_text(), re.DOTALL)
    return dict(TOKEN.findall(light)) | (dict(TOKEN.findall(dark)) if theme == "dark" else {})


def luminance(colour: str) -> float:
    parts = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(("theme", "token", "ground"), list(product(THEMES, LOWEST, GROUNDS)))
def test_what_is_read_stands_out(theme, token, ground):
    told = tokens(theme)
    assert round(contrast(told[token], told[ground]), 1) >= LOWEST[token]


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("letters", "ground"), [("onaccent", "accent"), ("onbad", "bad"), ("onchip", "chip")])
def test_letters_on_a_filled_button_stand_out(theme, letters, ground):
    told = tokens(theme)
    assert contrast(told[letters], told[ground]) >= 6
