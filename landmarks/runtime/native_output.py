"""What libraries written in C++ print about themselves, which tells whoever started a command nothing."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

STDERR = 2
UNINTERESTING = b"INFO: "
"""Beginning of the lines that are dropped. TensorFlow Lite has no setting to turn them off."""

_lock = threading.Lock()


@contextmanager
def without_infos() -> Iterator[None]:
    """Drop such lines from standard error while the block runs; all others appear at its end."""
    # Standard error is looked up under the lock: otherwise that of another thread's block might be taken for it.
    with _lock:
        try:
            stderr = os.dup(STDERR)
        except OSError:  # closed, as by some service managers
            yield
            return
        reader, writer = os.pipe()
        # Nobody reads until the end: what is more than a pipe holds is lost, instead of stopping the program.
        os.set_blocking(writer, False)
        os.set_blocking(reader, False)
        os.dup2(writer, STDERR)
        try:
            yield
        finally:
            os.dup2(stderr, STDERR)
            os.close(writer)
            _pass_on(reader, stderr)
            os.close(reader)
            os.close(stderr)


def _pass_on(reader: int, stderr: int) -> None:
    parts = []
    # A process that was started meanwhile may still have the other end, so there may be no end of file.
    try:
        while part := os.read(reader, 65536):
            parts.append(part)
    except BlockingIOError:
        pass
    kept = [line for line in b"".join(parts).splitlines(keepends=True) if not line.startswith(UNINTERESTING)]
    if kept:
        os.write(stderr, b"".join(kept))
