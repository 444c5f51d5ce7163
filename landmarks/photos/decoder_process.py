"""The process in which photos are decoded: files come in on its input, pixels go out on its output."""

import json
import resource
import sys
import time
import warnings
from typing import Any, BinaryIO

from PIL import AvifImagePlugin

from landmarks.core.errors import PhotoError
from landmarks.photos.decode import read_photo
from landmarks.photos.decode_cost import ROOM
from landmarks.photos.photo import Photo, PhotoLimits, Reduced
from landmarks.runtime.memory import keep_freed

CPU_SECONDS = 60
"""For one file, on all threads together: the end of a process whose parent was killed meanwhile."""
OWN_MEMORY = 40 * 2**20
"""Of the interpreter, its libraries and the stacks of their threads, beside what a file takes."""
KEPT_MEMORY = 16 * 2**20
"""Bytes that were freed and are kept for the next file."""
STRIP = 2 * 2**20
"""Bytes of pixels that are sent at a time, so that no second copy of all is made."""


def serve(requests: BinaryIO, replies: BinaryIO) -> None:
    """Decode one file after the other until there are no more."""
    while line := requests.readline():
        request = json.loads(line)
        limits = PhotoLimits(**request["limits"])
        data = requests.read(request["byte_count"])
        _bound(limits, len(data))
        try:
            _send(replies, read_photo(data, limits, whole=request["whole"]))
        except PhotoError as exc:
            error = {"message_id": exc.message_id, "parameters": exc.parameters, "detail": exc.detail}
            _say(replies, {"code": exc.code, **error})
        replies.flush()


def rows_of_a_strip(width: int) -> int:
    return max(1, STRIP // (3 * width))


def _bound(limits: PhotoLimits, byte_count: int) -> None:
    """Memory beyond this cannot be had. The decoders copy the file, some of them twice."""
    memory = int(limits.max_pixels * ROOM) + byte_count + OWN_MEMORY + KEPT_MEMORY
    _limit(resource.RLIMIT_DATA, memory)
    _limit(resource.RLIMIT_CPU, int(time.process_time()) + CPU_SECONDS)


def _limit(what: int, value: int) -> None:
    hard = resource.getrlimit(what)[1]
    resource.setrlimit(what, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))


def _send(replies: BinaryIO, photo: Photo) -> None:
    picture = photo.picture
    view = picture if isinstance(picture, Reduced) else None
    image = view.image if view else photo.image
    reply: dict[str, Any] = {
        "size": image.size,
        "format": photo.format,
        "orientation": photo.orientation,
        "reduced": view and [view.factor, view.left, view.top, view.width, view.height],
    }
    _say(replies, reply)
    rows = rows_of_a_strip(image.width)
    if image.height <= rows:
        replies.write(image.tobytes())
        return
    for top in range(0, image.height, rows):
        replies.write(image.crop((0, top, image.width, min(top + rows, image.height))).tobytes())


def _say(replies: BinaryIO, reply: dict[str, Any]) -> None:
    replies.write(json.dumps(reply).encode() + b"\n")


def main() -> None:
    keep_freed(KEPT_MEMORY, KEPT_MEMORY // 4)
    # Of a thread for each processor, every one would take memory for its stack and its part of the picture.
    AvifImagePlugin.DEFAULT_MAX_THREADS = 2
    # Pillow warns of what is odd about a file, which is told to nobody here.
    warnings.simplefilter("ignore")
    serve(sys.stdin.buffer, sys.stdout.buffer)


if __name__ == "__main__":
    main()
