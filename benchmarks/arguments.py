"""Options that several benchmarks share."""

from argparse import ArgumentParser, ArgumentTypeError


def positive(text: str) -> int:
    """Raises ArgumentTypeError."""
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError(f"a whole number of at least 1 is needed, not {text!r}")
    return int(text)


def add_photo_arguments(parser: ArgumentParser) -> None:
    """Which photos of the folder are analysed, how, and how often."""
    parser.add_argument("--photos", type=positive, metavar="N", help="only the first N photos")
    parser.add_argument("--rotate", action="store_true", help="also search each photo after quarter turns")
    parser.add_argument("--rounds", type=positive, metavar="N", help="repetitions (default: enough for steady medians)")


def add_count(parser: ArgumentParser, name: str, default: int, help_text: str) -> None:
    """A number of at least 1."""
    parser.add_argument(f"--{name}", type=positive, metavar="N", default=default, help=f"{help_text} (%(default)s)")
