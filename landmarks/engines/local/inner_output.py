"""A TensorFlow Lite model that also returns one of its inner tensors.

The interpreter keeps only outputs, and keeping every tensor costs twice the time. So the tensor is added to the list of
outputs in the bytes of the model, a FlatBuffer: https://flatbuffers.dev/internals, with the fields of TensorFlow's
schema.fbs. Nothing is moved; the new list is appended and the table is pointed to it.
"""

import struct

SUBGRAPHS = 2
"""Number of the field in the table Model."""
OUTPUTS = 2
"""Number of the field in the table SubGraph."""
WORD = 4


def with_output(model: bytes, tensor: int) -> bytes:
    """The model with one more output, the last: the tensor of this number in its only graph."""
    subgraphs = _target(model, _field(model, _target(model, 0), SUBGRAPHS))
    reference = _field(model, _target(model, subgraphs + WORD), OUTPUTS)
    listed = _target(model, reference)
    (count,) = struct.unpack_from("<I", model, listed)
    outputs = struct.unpack_from(f"<{count}i", model, listed + WORD)
    extended = bytearray(model) + bytes(-len(model) % WORD)
    struct.pack_into("<I", extended, reference, len(extended) - reference)
    extended += struct.pack(f"<I{count + 1}i", count + 1, *outputs, tensor)
    return bytes(extended)


def _field(model: bytes, table: int, number: int) -> int:
    """Where a field of a table is; the table begins with the distance back to the list of its fields."""
    (back,) = struct.unpack_from("<i", model, table)
    (offset,) = struct.unpack_from("<H", model, table - back + (2 + number) * 2)
    return int(table + offset)


def _target(model: bytes, position: int) -> int:
    """What a reference at this position points to."""
    (offset,) = struct.unpack_from("<I", model, position)
    return int(position + offset)
