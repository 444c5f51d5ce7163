"""Photos decoded in separate processes, which are reused, and stopped when a file takes too long."""

import atexit
import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from functools import partial
from pathlib import Path
from queue import Empty, LifoQueue
from typing import Any

from PIL import Image

from landmarks.core.errors import Busy, PhotoError, PhotoTooLarge, PhotoUnsupported
from landmarks.photos.decode import check_bytes
from landmarks.photos.decoder_process import CPU_SECONDS, rows_per_strip
from landmarks.photos.photo import Photo, PhotoLimits, Reduced
from landmarks.runtime.concurrency import DECODING
from landmarks.runtime.limit import Limit
from landmarks.runtime.timers import TIMERS

SECONDS = 10.0
"""For one file on the clock, after which the machine has too much to do: the process itself ends a file that needs more
than CPU_SECONDS of work."""
PIPE_SIZE = 2**20
"""The most that Linux allows; with its usual 64 KB, sender and reader would take turns more often."""
ENVIRONMENT = {"GLIBC_TUNABLES": "glibc.malloc.hugetlb=1"}
"""Nothing of the site's. Large pictures lie in pages of 2 MB, where the system grants them: the memory of each photo is
new, and it takes longer to get it in pages of 4 KB than to fill it."""
COMMAND = [sys.executable, "-m", "landmarks.photos.decoder_process"]
ROOT = Path(__file__).resolve().parents[2]
ERRORS = {kind.code: kind for kind in (PhotoError, PhotoTooLarge, PhotoUnsupported)}

Reply = dict[str, Any]
Reserve = Callable[[int], object]
"""Called with the pixels of a whole picture before it is received; may wait for memory, or raise Busy."""


def no_reservation(pixels: int) -> None:
    """For callers that read one photo after the other."""


class Decoder:
    """One process, which knows nothing of the site: neither its settings nor its log."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(  # noqa: S603
            COMMAND,
            cwd=ROOT,
            env=ENVIRONMENT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            pipesize=PIPE_SIZE,
            # Ctrl+C in a terminal is for the site; this process ends with it.
            start_new_session=True,
        )
        self._is_late = False
        self._is_idle = True

    @property
    def is_ready(self) -> bool:
        """Whether it waits for a file: it runs, and its last reply was read to the end."""
        return self._is_idle and not self._is_late and self._process.poll() is None

    def decode(
        self, data: bytes, limits: PhotoLimits, whole: bool, seconds: float, cpu_seconds: int, reserve: Reserve
    ) -> tuple[Image.Image, Reply]:
        """The pixels, and the rest of the reply; raise PhotoError, or Busy when the clock stopped the process."""
        self._is_idle = False
        with self._time_limit(seconds):
            reply = self._request(data, limits, whole, cpu_seconds)
        if "code" in reply:
            self._is_idle = True
            raise ERRORS[reply["code"]](reply["message_id"], detail=reply["detail"], **reply["parameters"])
        width, height = reply["size"]
        if not reply["reduced"]:
            reserve(width * height)
        with self._time_limit(seconds):
            image = self._receive_pixels(width, height)
        self._is_idle = True
        return image, reply

    def close(self) -> None:
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(OSError):  # what is still in the pipe can't be written any more
                pipe.close()  # type: ignore[union-attr]
        self._process.wait()

    @contextmanager
    def _time_limit(self, seconds: float) -> Iterator[None]:
        timer = TIMERS.start(seconds, self._stop)
        try:
            yield
        except (OSError, EOFError) as exc:
            self.close()
            if self._is_late:
                raise Busy("busy_decoding", detail=f"decoding took more than {seconds} s") from exc
            detail = f"the decoder ended with status {self._process.returncode}"
            if self._process.returncode == -signal.SIGXCPU:
                raise PhotoError("decoding_too_slow", detail=detail) from exc
            raise PhotoTooLarge("decoding_out_of_memory", detail=detail) from exc
        finally:
            timer.cancel()

    def _stop(self) -> None:
        self._is_late = True
        self._process.kill()

    def _request(self, data: bytes, limits: PhotoLimits, whole: bool, cpu_seconds: int) -> Reply:
        assert self._process.stdin and self._process.stdout  # noqa: S101  they are pipes
        request = {"limits": asdict(limits), "whole": whole, "byte_count": len(data), "cpu_seconds": cpu_seconds}
        self._process.stdin.write(json.dumps(request).encode() + b"\n")
        self._process.stdin.write(data)
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line.endswith(b"\n"):
            raise EOFError("the decoder ended without a reply")
        reply: Reply = json.loads(line)
        return reply

    def _receive_pixels(self, width: int, height: int) -> Image.Image:
        rows = rows_per_strip(width)
        if height <= rows:
            return self._receive_strip(width, height)
        image = Image.new("RGB", (width, height))
        for top in range(0, height, rows):
            image.paste(self._receive_strip(width, min(rows, height - top)), (0, top))
        return image

    def _receive_strip(self, width: int, height: int) -> Image.Image:
        assert self._process.stdout  # noqa: S101
        strip = self._process.stdout.read(3 * width * height)
        if len(strip) < 3 * width * height:
            raise EOFError("the decoder ended within its reply")
        return Image.frombytes("RGB", (width, height), strip)


class DecoderPool:
    """Decoders, started when they are needed and kept for the next file."""

    def __init__(self, slots: Limit = DECODING, seconds: float = SECONDS, cpu_seconds: int = CPU_SECONDS) -> None:
        self._slots = slots
        self._seconds, self._cpu_seconds = seconds, cpu_seconds
        self._idle: LifoQueue[Decoder] = LifoQueue()
        atexit.register(self.close)

    def read(self, data: bytes, limits: PhotoLimits, *, whole: bool = True, reserve: Reserve = no_reservation) -> Photo:
        """Like read_photo; raise PhotoError, or Busy where no slot is free, or the photo not decoded, in time."""
        check_bytes(data, limits)
        with self._decoder() as decoder:
            image, reply = decoder.decode(data, limits, whole, self._seconds, self._cpu_seconds, reserve)
        picture: Image.Image | Reduced = image
        if reply["reduced"]:
            factor, left, top, width, height = reply["reduced"]
            decode = partial(self.read, data, limits, reserve=reserve)
            picture = Reduced(image, factor, left, top, width, height, decode)
        return Photo(picture, reply["format"], reply["orientation"], len(data))

    def close(self) -> None:
        """End the idle processes."""
        with suppress(Empty):
            while True:
                self._idle.get_nowait().close()

    @contextmanager
    def _decoder(self) -> Iterator[Decoder]:
        with self._slots.slot():
            decoder = self._idle_or_new()
            try:
                yield decoder
            finally:
                if decoder.is_ready:
                    self._idle.put(decoder)
                else:
                    decoder.close()

    def _idle_or_new(self) -> Decoder:
        with suppress(Empty):
            while True:
                decoder = self._idle.get_nowait()
                if decoder.is_ready:
                    return decoder
                decoder.close()
        try:
            return Decoder()
        except OSError as exc:
            raise Busy("busy_decoding", detail=str(exc)) from exc
