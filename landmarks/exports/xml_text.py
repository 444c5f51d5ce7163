"""XML that is written piece by piece: attributes with any text of users in them."""

import re
from xml.sax.saxutils import escape, quoteattr

HEAD = b"<?xml version='1.0' encoding='UTF-8'?>\n"
FORBIDDEN = re.compile("[^\t\n\r\\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that no XML 1.0 document can have, not even escaped."""


def text(value: object) -> str:
    return escape(FORBIDDEN.sub("_", str(value)))


def attributes(**values: object) -> str:
    """` name="value"` for each; None is left out."""
    return "".join(
        f" {name}={quoteattr(FORBIDDEN.sub('_', str(value)))}" for name, value in values.items() if value is not None
    )
