"""Text is cleaned of what cannot be seen, and emoji stay whole."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landmarks.core.text import INVISIBLE, clean_line, clean_lines, escape_invisible

EMOJI = (
    "👩‍👩‍👧",
    "👩🏽‍🚀",
    "🏳️‍🌈",
    "👁️‍🗨️",
    "🙂‍↔️",
    "❤️",
    "1️⃣",
    "#️⃣",
    "ℹ️",
    "◾️",
    "©️",
    "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    "🇩🇪",
)
TAGS = "\U000e0067\U000e0062"


@pytest.mark.parametrize("emoji", EMOJI)
def test_an_emoji_stays_whole(emoji: str) -> None:
    for text in (emoji, f"a{emoji}b", f"{emoji} {emoji}"):
        assert clean_line(text) == clean_lines(text) == text


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("\u2067a\u2069", "a"),
        ("a\u200bb\u2060c\ufeffd\u00ade", "abcde"),
        ("a\0b\x1b[2Jc\x9f", "ab[2Jc"),
        ("a\r\n b\u2028c\u2029d\te", "a b c d e"),
        ("  a \u202e  b ", "a b"),
        ("a\u200db", "ab"),
        ("a\ufe0fb", "ab"),
        ("1\ufe0f", "1"),
        ("🙂\u200d\u200d🙂", "🙂\u200d🙂"),
        ("🙂\u200d", "🙂"),
        ("🙂\u200da", "🙂a"),
        (f"a{TAGS}", "a"),
        (f"\U0001f3f4{TAGS}", "\U0001f3f4"),
        ("a\ud800b", "ab"),
        ("שלום.jpg", "שלום.jpg"),
        ("é.jpg", "é.jpg"),
        ("葛\U000e0100城", "葛\U000e0100城"),
        ("a\U000e0100", "a"),
    ],
    ids=ascii,
)
def test_what_cannot_be_seen_is_dropped(text: str, cleaned: str) -> None:
    assert clean_line(text) == cleaned


@pytest.mark.parametrize(
    "text",
    ["", " ", "\u200b", "\u202e\u2069", "\u2800", "\u3164\u115f", "\u0301", "\ufe0f", f"{TAGS}", "\0\n"],
    ids=ascii,
)
def test_nothing_is_left_where_nothing_can_be_seen(text: str) -> None:
    assert clean_line(text) == clean_lines(text) == ""


def test_several_lines_keep_their_shape() -> None:
    assert clean_lines("a\r\n  b\tc \u202e\n\nd\x0be\n\n") == "a\n  b\tc\n\nd\ne"


@given(st.text())
def test_nothing_invisible_is_left_but_within_emoji(text: str) -> None:
    for clean in (clean_line, clean_lines):
        cleaned = clean(text)
        assert clean(cleaned) == cleaned
        left = {character for character in cleaned if unicodedata.category(character) in INVISIBLE}
        assert left <= {"\n", "\t", "\N{ZERO WIDTH JOINER}", *map(chr, range(0xE0020, 0xE0080))}


@given(st.text(st.sampled_from("🙂a1#\u200d\ufe0f\ufe0e\u20e3\u202e\U0001f3f4\U000e0067\U000e007f ↔\n\t")))
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert clean_line(clean_line(text)) == clean_line(text)
    assert clean_lines(clean_lines(text)) == clean_lines(text)


def test_in_a_log_what_cannot_be_seen_is_written_out() -> None:
    assert escape_invisible("a\n\x1b\u202e\U000e0067é🙂") == "a\\x0a\\x1b\\u202e\\U000e0067é🙂"
