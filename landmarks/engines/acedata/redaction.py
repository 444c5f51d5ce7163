"""What must not be told: tokens, in whatever spelling an answer echoes them."""

import html
import re
from collections.abc import Iterable

INSTEAD = "[token]"
ADDRESS = re.compile(r"\bhttps?:\\?/\\?/[^\s\"'<>]+", re.IGNORECASE)
CHARACTERS = re.compile("[!-~]+")
"""Of which a token may be made to be sent in a header."""


def can_be_sent(token: str) -> bool:
    return bool(CHARACTERS.fullmatch(token))


class Redaction:
    """Takes secrets out of a text: plain, or with any characters escaped as JSON, HTML or addresses do."""

    def __init__(self, secrets: Iterable[str]) -> None:
        self._patterns = [re.compile("".join(map(_spellings, secret))) for secret in secrets if secret]

    def __call__(self, text: str) -> str:
        for pattern in self._patterns:
            text = pattern.sub(INSTEAD, text)
        return text


def _spellings(character: str) -> str:
    """A pattern for every way in which this character may be written."""
    plain, named, code = re.escape(character), re.escape(html.escape(character)), ord(character)
    two, four = _hexadecimal(code, 2), _hexadecimal(code, 4)
    return rf"(?:{named}|{plain}|\\{{1,8}}(?:{plain}|u{four}|x{two})|%(?:25)*{two}|&#(?:0*{code}|[xX]0*{two});)"


def _hexadecimal(code: int, digits: int) -> str:
    """A pattern for the number in either case; a flag for the whole pattern would make the search slow."""
    return "".join(f"[{digit}{digit.upper()}]" if digit.isalpha() else digit for digit in f"{code:0{digits}x}")


def without_addresses(text: str) -> str:
    """The same text for people, who need not see where a photo was for the time of a call."""
    return ADDRESS.sub("[address]", text)
