"""FlatBuffers, read back by Google's library."""

import struct

import pytest

from landmarks.engines.local.flatbuffer import Byte, Table, Vector, integers, serialise

flatbuffers = pytest.importorskip("flatbuffers", reason="it comes with ai-edge-litert")


def read_root(content):
    return flatbuffers.table.Table(content, struct.unpack_from("<I", content)[0])


def field(table, number):
    """Where a field is in the content, or 0 if it is not there."""
    offset = table.Offset(4 + 2 * number)
    return offset and table.Pos + offset


def test_reads_back_what_was_written():
    child = Table({1: 7})
    content = serialise(
        Table({0: Byte(3), 2: -2 % 2**32, 4: integers(5, -6), 5: child, 6: [child, Table({})]}), b"TEST"
    )
    root = read_root(content)
    assert content[4:8] == b"TEST"
    assert root.Bytes[field(root, 0)] == 3
    assert (field(root, 1), field(root, 3), field(root, 7)) == (0, 0, 0)
    assert struct.unpack_from("<i", content, field(root, 2)) == (-2,)
    offset = root.Offset(4 + 2 * 4)
    assert root.VectorLen(offset) == 2
    assert struct.unpack_from("<2i", content, root.Vector(offset)) == (5, -6)
    inner = flatbuffers.table.Table(content, root.Indirect(field(root, 5)))
    assert struct.unpack_from("<i", content, field(inner, 1)) == (7,)
    assert root.VectorLen(root.Offset(4 + 2 * 6)) == 2


@pytest.mark.parametrize("length", [0, 1, 4, 15, 16, 33])
def test_bytes_begin_at_a_multiple_of_16(length):
    content = serialise(Table({0: [Table({0: Byte(1)}), Table({1: Vector(bytes(length), length)})]}), b"TEST")
    root = read_root(content)
    second = flatbuffers.table.Table(content, root.Indirect(root.Vector(root.Offset(4)) + 4))
    offset = second.Offset(6)
    assert second.VectorLen(offset) == length
    assert second.Vector(offset) % 16 == 0
