"""What a client has not read yet: in order, bounded in memory, and with a full disk."""

import tempfile
from pathlib import Path

import pytest

from landmarks.server.spool import Spool


def read(spool: Spool, count: int) -> bytes:
    data = spool.get(count)
    spool.skip(len(data), True)
    return data


def test_gives_bytes_in_their_order_from_memory_and_file() -> None:
    spool, given, taken = Spool(in_memory=10), b"", b""
    for number in range(50):
        part = bytes([number]) * 7
        assert spool.append(part)
        given += part
        taken += read(spool, 5)
        assert len(spool) == len(given) - len(taken)
    while len(spool):
        taken += read(spool, 9)
    assert taken == given
    assert spool.get(5) == b""


def test_keeps_no_more_in_memory_than_it_may() -> None:
    spool = Spool(in_memory=10)
    for _ in range(20):
        assert spool.append(b"x" * 10)
    assert len(spool) == 200
    assert len(spool._memory) == 10
    spool.close()
    assert len(spool) == 0


def test_a_full_disk_takes_nothing_until_all_is_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    spool = Spool(in_memory=10)
    assert spool.append(b"a" * 10)
    assert not spool.append(b"b")
    assert read(spool, 100) == b"a" * 10
    assert spool.append(b"b")
    assert read(spool, 100) == b"b"
