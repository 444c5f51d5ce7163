"""Bytes of answers that a client has not read yet: some in memory, the rest in a file without a name."""

import os
from tempfile import TemporaryFile
from typing import Any

IN_MEMORY = 128 * 2**10
"""Bytes for each connection; a page or an answer of the API has fewer."""


class Spool:
    """What was appended is read in the same order. It has the methods that waitress calls on its own buffers."""

    def __init__(self, in_memory: int = IN_MEMORY) -> None:
        self._in_memory = in_memory
        self._memory = bytearray()
        self._file: Any = None
        self._start = self._end = 0
        """Of what the file still has to give."""

    def __len__(self) -> int:
        return len(self._memory) + self._end - self._start

    def append(self, data: bytes | memoryview) -> bool:
        """Whether it was taken; False where the disk has no room, until everything before has been read."""
        if not len(self) or (self._file is None and len(self._memory) + len(data) <= self._in_memory):
            self._memory += data
            return True
        try:
            self._write(data)
        except OSError:
            return False
        return True

    def get(self, count: int) -> bytes:
        """The next bytes, at most so many, which stay until they are skipped."""
        if self._memory:
            return bytes(memoryview(self._memory)[:count])
        return os.pread(self._file.fileno(), min(count, self._end - self._start), self._start) if self._file else b""

    def skip(self, count: int, allow_prune: bool = False) -> None:
        """Drop so many bytes, which `get` has returned."""
        if self._memory:
            del self._memory[:count]
            return
        self._start += count
        if self._start == self._end:
            self.close()

    def close(self) -> None:
        """Drop everything."""
        self._memory.clear()
        if self._file:
            self._file.close()
        self._file, self._start, self._end = None, 0, 0

    def _write(self, data: bytes | memoryview) -> None:
        """All of it or, when OSError is raised, nothing."""
        if self._file is None:
            self._file = TemporaryFile(buffering=0)  # noqa: SIM115  closed when all of it is read
        written = 0
        while written < len(data):
            written += os.pwrite(self._file.fileno(), data[written:], self._end + written)
        self._end += written
