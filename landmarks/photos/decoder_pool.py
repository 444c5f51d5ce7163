"""Photos decoded apart: processes that are used one after the other, and stopped when a file takes too long."""

import atexit
import json
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
from landmarks.photos.decoder_process import rows_of_a_strip
from landmarks.photos.photo import Photo, PhotoLimits, Reduced
from landmarks.runtime.concurrency import Slots
from landmarks.runtime.timers import CLOCK

AT_ONCE = 2
"""Files that are decoded at the same time; the largest take half a gigabyte each."""
SECONDS = 6.0
"""For one file. The largest photos of each format take up to two."""
PATIENCE = 10.0
"""Seconds that a file waits for a free process."""

PIPE_SIZE = 2**20
"""As much as Linux gives anybody; with its usual 64 KB, sender and reader would take turns more often."""
COMMAND = [sys.executable, "-m", "landmarks.photos.decoder_process"]
ROOT = Path(__file__).resolve().parents[2]
REFUSALS = {refusal.code: refusal for refusal in (PhotoError, PhotoTooLarge, PhotoUnsupported)}

Reply = dict[str, Any]
MakeRoom = Callable[[int], object]
"""Told how many pixels a whole picture has before it is taken in; may wait for room, or raise Busy."""


def there_is_room(pixels: int) -> None:
    """For those who read one photo after the other."""


class Decoder:
    """One process, which is told nothing of the site: neither its settings nor its log."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(  # noqa: S603
            COMMAND,
            cwd=ROOT,
            env={},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            pipesize=PIPE_SIZE,
            # Ctrl+C in a terminal is for the site, at whose end this process ends, too.
            start_new_session=True,
        )
        self._is_late = False
        self._is_idle = True

    @property
    def is_ready(self) -> bool:
        """Whether it waits for a file: it runs, and its last answer was read to the end."""
        return self._is_idle and not self._is_late and self._process.poll() is None

    def decode(
        self, data: bytes, limits: PhotoLimits, whole: bool, seconds: float, make_room: MakeRoom
    ) -> tuple[Image.Image, Reply]:
        """The pixels, and what there is to know of them; raise PhotoError, also when the process had to be stopped."""
        self._is_idle = False
        with self._in_time(seconds):
            reply = self._ask(data, limits, whole)
        if "code" in reply:
            self._is_idle = True
            raise REFUSALS[reply["code"]](reply["message_id"], detail=reply["detail"], **reply["parameters"])
        width, height = reply["size"]
        if not reply["reduced"]:
            make_room(width * height)
        with self._in_time(seconds):
            image = self._read_pixels(width, height)
        self._is_idle = True
        return image, reply

    @contextmanager
    def _in_time(self, seconds: float) -> Iterator[None]:
        alarm = CLOCK.set(seconds, self._strike)
        try:
            yield
        except (OSError, EOFError) as exc:
            self.close()
            if self._is_late:
                raise PhotoError("decoding_too_slow", detail=f"more than {seconds} s") from exc
            detail = f"the decoder ended with status {self._process.returncode}"
            raise PhotoTooLarge("decoding_out_of_memory", detail=detail) from exc
        finally:
            alarm.cancel()

    def close(self) -> None:
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(OSError):  # what was not sent cannot be any more
                pipe.close()  # type: ignore[union-attr]
        self._process.wait()

    def _strike(self) -> None:
        self._is_late = True
        self._process.kill()

    def _ask(self, data: bytes, limits: PhotoLimits, whole: bool) -> Reply:
        assert self._process.stdin and self._process.stdout  # noqa: S101  they are pipes
        request = {"limits": asdict(limits), "whole": whole, "byte_count": len(data)}
        self._process.stdin.write(json.dumps(request).encode() + b"\n")
        self._process.stdin.write(data)
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line.endswith(b"\n"):
            raise EOFError("the decoder ended without an answer")
        reply: Reply = json.loads(line)
        return reply

    def _read_pixels(self, width: int, height: int) -> Image.Image:
        rows = rows_of_a_strip(width)
        if height <= rows:
            return self._read_strip(width, height)
        image = Image.new("RGB", (width, height))
        for top in range(0, height, rows):
            image.paste(self._read_strip(width, min(rows, height - top)), (0, top))
        return image

    def _read_strip(self, width: int, height: int) -> Image.Image:
        assert self._process.stdout  # noqa: S101
        strip = self._process.stdout.read(3 * width * height)
        if len(strip) < 3 * width * height:
            raise EOFError("the decoder ended within its answer")
        return Image.frombytes("RGB", (width, height), strip)


class DecoderPool:
    """As many processes as may decode at once, started when they are needed and kept for the next file."""

    def __init__(self, at_once: int = AT_ONCE, seconds: float = SECONDS, patience: float = PATIENCE) -> None:
        self._seconds = seconds
        self._places = Slots(at_once, patience, "busy_decoding")
        self._idle: LifoQueue[Decoder] = LifoQueue()
        atexit.register(self.close)

    def read(
        self, data: bytes, limits: PhotoLimits, *, whole: bool = True, make_room: MakeRoom = there_is_room
    ) -> Photo:
        """As read_photo does; raise PhotoError, or Busy when others are decoded for too long."""
        check_bytes(data, limits)
        with self._decoder() as decoder:
            image, reply = decoder.decode(data, limits, whole, self._seconds, make_room)
        picture: Image.Image | Reduced = image
        if reply["reduced"]:
            factor, left, top, width, height = reply["reduced"]
            decode = partial(self.read, data, limits, make_room=make_room)
            picture = Reduced(image, factor, left, top, width, height, decode)
        return Photo(picture, reply["format"], reply["orientation"], len(data))

    def close(self) -> None:
        """End the processes that nobody uses at the moment."""
        with suppress(Empty):
            while True:
                self._idle.get_nowait().close()

    @contextmanager
    def _decoder(self) -> Iterator[Decoder]:
        with self._places.place():
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
