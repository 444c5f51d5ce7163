"""Tables written as a FlatBuffer, the form of TensorFlow Lite's models (https://flatbuffers.dev/internals).

Everything is written after what refers to it, so that each reference is filled in as soon as its target is written.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

WORD = 4
ALIGNMENT = 16
"""Of the first element of a vector, which TensorFlow Lite demands of weights."""


@dataclass(frozen=True)
class Byte:
    """The value of a field of one byte, such as an enumeration. Other numbers take a word."""

    value: int


@dataclass(frozen=True)
class Vector:
    """Numbers as their bytes."""

    content: bytes
    count: int


@dataclass(frozen=True)
class Table:
    """Values by the numbers of their fields in the schema; a sequence is a vector of tables."""

    fields: Mapping[int, int | Byte | Vector | Table | Sequence[Table]]


def integers(*values: int) -> Vector:
    return Vector(struct.pack(f"<{len(values)}i", *values), len(values))


def serialise(root: Table, identifier: bytes) -> bytes:
    """The whole buffer; `identifier` are four letters that tell the kind of content."""
    out = bytearray(WORD) + identifier
    struct.pack_into("<I", out, 0, _write_table(out, root))
    return bytes(out)


def _write_table(out: bytearray, table: Table) -> int:
    """Append a table with what it refers to; return where it begins."""
    places, size = {}, WORD
    # Words first, so that each is aligned.
    for number, value in sorted(table.fields.items(), key=lambda field: isinstance(field[1], Byte)):
        places[number] = size
        size += 1 if isinstance(value, Byte) else WORD
    listed = [places.get(number, 0) for number in range(max(table.fields, default=-1) + 1)]
    list_size = 2 * (2 + len(listed))
    _align(out, WORD, before=list_size)
    out += struct.pack(f"<{2 + len(listed)}H", list_size, size, *listed)
    start = len(out)
    out += struct.pack("<i", list_size) + bytes(size - WORD)
    for number, value in table.fields.items():
        place = start + places[number]
        if isinstance(value, Byte):
            out[place] = value.value
        elif isinstance(value, int):
            struct.pack_into("<I", out, place, value)
        else:
            struct.pack_into("<I", out, place, _write(out, value) - place)
    return start


def _write(out: bytearray, value: Vector | Table | Sequence[Table]) -> int:
    if isinstance(value, Table):
        return _write_table(out, value)
    if isinstance(value, Vector):
        _align(out, ALIGNMENT, before=WORD)
        start = len(out)
        out += struct.pack("<I", value.count) + value.content
        return start
    _align(out, WORD)
    start = len(out)
    out += struct.pack("<I", len(value)) + bytes(WORD * len(value))
    for index, table in enumerate(value, 1):
        place = start + WORD * index
        struct.pack_into("<I", out, place, _write_table(out, table) - place)
    return start


def _align(out: bytearray, multiple: int, before: int = 0) -> None:
    """Add zeros until what follows the next `before` bytes begins at a multiple."""
    out += bytes(-(len(out) + before) % multiple)
