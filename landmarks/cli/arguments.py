"""What several commands take as an argument."""

from argparse import ArgumentTypeError

NAME_LENGTH = 64


def owner_name(text: str) -> str:
    """Of a token's owner."""
    name = text.strip()
    if not 0 < len(name) <= NAME_LENGTH or not name.isprintable():
        raise ArgumentTypeError(f"a name has 1 to {NAME_LENGTH} characters that can be printed")
    return name
