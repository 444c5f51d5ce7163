"""Removes tokens from texts, in whatever spelling a response echoes them."""

import html
import re
from collections.abc import Iterable

REPLACEMENT = "[token]"
URL = re.compile(r"\bhttps?:\\?/\\?/[^\s\"'<>]+", re.IGNORECASE)
TOKEN = re.compile("[!-~]+")
"""Characters that can be sent in a header."""


def can_be_sent(token: str) -> bool:
    return bool(TOKEN.fullmatch(token))


class Redaction:
    """Removes secrets from a text, plain or with any of their characters escaped as JSON, HTML or URLs do."""

    def __init__(self, secrets: Iterable[str]) -> None:
        self._patterns = [re.compile("".join(map(_spellings, secret))) for secret in secrets if secret]

    def __call__(self, text: str) -> str:
        for pattern in self._patterns:
            text = pattern.sub(REPLACEMENT, text)
        return text


def _spellings(character: str) -> str:
    """A pattern for every way to write this character."""
    plain, named, code = re.escape(character), re.escape(html.escape(character)), ord(character)
    two, four = _hexadecimal(code, 2), _hexadecimal(code, 4)
    return rf"(?:{named}|{plain}|\\{{1,8}}(?:{plain}|u{four}|x{two})|%(?:25)*{two}|&#(?:0*{code}|[xX]0*{two});)"


def _hexadecimal(code: int, digits: int) -> str:
    """A pattern for the number in either case; a flag for the whole pattern would make the search slow."""
    return "".join(f"[{digit}{digit.upper()}]" if digit.isalpha() else digit for digit in f"{code:0{digits}x}")


def without_urls(text: str) -> str:
    """The text without URLs: users need not see the temporary link of a photo."""
    return URL.sub("[address]", text)
