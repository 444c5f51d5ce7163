"""Names as people write them: of any encoding, and with one form of each character."""

import unicodedata

WIDE_ENCODINGS = ("cp932", "gbk", "big5")
"""Encodings of two bytes a character, in the order in which they are tried: Japan, China, Taiwan. What is Korean in
EUC-KR can't be told from GBK."""
CP850, LATIN_1 = "cp850", "cp1252"
HALF_WIDTH = range(0xFF61, 0xFFA0)


def decode_name(data: bytes) -> str:
    """A name of unknown encoding: UTF-8, an East Asian one if that gives words, or one of western Europe.

    Which of several encodings was meant can't be known in general; what counts is that the name can be recognised.
    """
    for encoding in ("utf-8", *WIDE_ENCODINGS):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding == "utf-8" or _is_east_asian(text):
            return text
    # The letters of code page 850, which DOS used, are control characters in Latin-1.
    is_dos = any(0x80 <= byte < 0xA0 for byte in data)
    return data.decode(CP850 if is_dos else LATIN_1, "replace")


def _is_east_asian(text: str) -> bool:
    """Whether the characters beyond ASCII come in words: single ones are letters of another encoding."""
    foreign = [_is_wide(character) if not character.isascii() else None for character in text]
    if False in foreign:
        return False
    return any(one and two for one, two in zip(foreign, foreign[1:], strict=False))


def _is_wide(character: str) -> bool:
    code = ord(character)
    is_letter = unicodedata.category(character)[0] in "LN" or character in "ー々〇・"
    return is_letter and unicodedata.east_asian_width(character) in "WF" and code not in HALF_WIDTH


def composed(text: str) -> str:
    """The text with letters and their marks in one character each (Unicode NFC), as it is stored and searched for.

    Macs take names apart, so that "ü" in a name of theirs differs from one that is typed.
    """
    return text if text.isascii() else unicodedata.normalize("NFC", text)
