"""Text that people and servers send, without the characters that cannot be seen.

Invisible characters make two names look alike, and those that set a direction turn the text around them, so that
"photo\N{RIGHT-TO-LEFT OVERRIDE}gpj.exe" reads "photoexe.jpg". Those that complete an emoji or an ideograph stay.
"""

import re
import unicodedata
from pathlib import PurePath

INVISIBLE = ("Cc", "Cf", "Cs", "Zl", "Zp")
"""Categories: control, format and direction, half of a pair, ends of lines and paragraphs."""
UNASSIGNED_INVISIBLE = re.compile("[\u2065\ufff0-\ufff8\U000e0000-\U000e0fff]")
"""Reserved in Unicode's property Default_Ignorable_Code_Point, beside the tags."""
SELECTORS = ("\N{VARIATION SELECTOR-15}", "\N{VARIATION SELECTOR-16}")
"""Show the character before them as text or as an emoji."""
IDEOGRAPH_SELECTOR = re.compile("[\U000e0100-\U000e01ef]")
"""In Japanese names, of which some have several forms."""
JOINER, KEYCAP, KEYS = "\N{ZERO WIDTH JOINER}", "\N{COMBINING ENCLOSING KEYCAP}", frozenset("0123456789#*")
OTHER_EMOJI = frozenset("ℹ‼⁉〰〽")
"""Letters and punctuation that can be shown as an emoji."""
FLAG = re.compile("(\N{WAVING BLACK FLAG}[\U000e0030-\U000e0039\U000e0061-\U000e007a]{1,6}\U000e007f)")
"""The flag of a part of a country, spelled with tags."""
LONGEST_STEM = 100
BLANK = frozenset("\u2800\u115f\u1160\u3164\uffa0")
"""A Braille pattern without dots, and the fillers of Hangul."""


def clean_line(text: str) -> str:
    """The text on one line, its words one space apart; empty if nothing in it can be seen."""
    line = " ".join(map(_without_invisible, text.split()))
    line = " ".join(line.split())
    return line if any(map(_is_visible, line)) else ""


def file_stem(name: str) -> str:
    """What a file of a photo with this name is called, without its suffix."""
    stem = PurePath(name.replace("\\", "/")).stem
    return clean_line(stem[:LONGEST_STEM]) or "photo"


def clean_lines(text: str) -> str:
    """The text with its lines, spaces and tabs; empty if nothing in it can be seen."""
    lines = ("\t".join(map(_without_invisible, line.split("\t"))).rstrip() for line in text.splitlines())
    cleaned = "\n".join(lines).strip("\n")
    return cleaned if any(map(_is_visible, cleaned)) else ""


def escape_invisible(text: str) -> str:
    """The text with each invisible character as `\\x1b` or `\\u202e`, for a log and a terminal."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_escape(character) if is_invisible(character) else character for character in text)


def _escape(character: str) -> str:
    # ascii() would write \n for some.
    return f"\\x{ord(character):02x}" if ord(character) < 256 else ascii(character)[1:-1]


def is_invisible(character: str) -> bool:
    """Whether it shows nothing by itself, be it alone or within an emoji."""
    return (
        unicodedata.category(character) in INVISIBLE
        or character in SELECTORS
        or bool(UNASSIGNED_INVISIBLE.match(character))
    )


def _without_invisible(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text
    parts = FLAG.split(text)
    return "".join(part if number % 2 else _filtered(part) for number, part in enumerate(parts))


def _filtered(text: str) -> str:
    kept = ""
    for place, character in enumerate(text):
        if not is_invisible(character) or _has_effect(character, kept[-2:], text[place + 1 : place + 2]):
            kept += character
    return kept


def _has_effect(character: str, before: str, after: str) -> bool:
    """Whether an invisible character is part of an emoji, or chooses a form of the ideograph before it."""
    last = before[-1:]
    if character in SELECTORS:
        return _is_emoji(last) or last in OTHER_EMOJI or (last in KEYS and after == KEYCAP)
    if IDEOGRAPH_SELECTOR.match(character):
        return unicodedata.name(last or " ", "").startswith("CJK")
    base = before[-2:-1] if last in SELECTORS else last
    return character == JOINER and _is_emoji(base) and _is_emoji(after)


def _is_emoji(character: str) -> bool:
    """Whether it can be joined with others: pictures, signs and arrows, and colours of skin."""
    if character in BLANK or character.isascii():
        return False
    return "\U0001f000" <= character <= "\U0001faff" or unicodedata.category(character) in ("So", "Sm")


def _is_visible(character: str) -> bool:
    is_mark = unicodedata.category(character) in ("Mn", "Me")
    return not (character.isspace() or is_invisible(character) or is_mark or character in BLANK)
