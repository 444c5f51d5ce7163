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
from landmarks.photos.decode_cost import MAX_COST
from landmarks.photos.photo import Photo, PhotoLimits, Reduced
from landmarks.runtime.memory import keep_freed

CPU_SECONDS = 6
"""For one file, on all threads together: what makes a decoder work for longer is no photo. The largest photos of each
format take up to two. Unlike time on the clock this doesn't depend on what else the machine does."""
OWN_MEMORY = 40 * 2**20
"""Of the interpreter, its libraries and the stacks of their threads, beside what a file takes."""
KEPT_MEMORY = 16 * 2**20
"""Freed bytes that are kept for the next file."""
STRIP = 2 * 2**20
"""Bytes of pixels that are sent at a time, so that there is no second copy of the whole picture."""


def serve(requests: BinaryIO, replies: BinaryIO) -> None:
    """Decode one file after the other until there are no more."""
    while line := requests.readline():
        request = json.loads(line)
        limits = PhotoLimits(**request["limits"])
        data = requests.read(request["byte_count"])
        _limit_resources(limits, len(data), request["cpu_seconds"])
        try:
            _send_photo(replies, read_photo(data, limits, whole=request["whole"]))
        except PhotoError as exc:
            error = {"message_id": exc.message_id, "parameters": exc.parameters, "detail": exc.detail}
            _send_line(replies, {"code": exc.code, **error})
        replies.flush()


def rows_per_strip(width: int) -> int:
    return max(1, STRIP // (3 * width))


def _limit_resources(limits: PhotoLimits, byte_count: int, cpu_seconds: int) -> None:
    """Bound memory and processor time. Beside the file there is its copy without what its pixels do not need."""
    memory = int(limits.max_pixels * MAX_COST) + 2 * byte_count + OWN_MEMORY + KEPT_MEMORY
    _set_limit(resource.RLIMIT_DATA, memory)
    # Beyond it the system sends SIGXCPU. The limit is in whole seconds, so up to one more is granted.
    _set_limit(resource.RLIMIT_CPU, int(time.process_time()) + 1 + cpu_seconds)


def _set_limit(kind: int, value: int) -> None:
    hard = resource.getrlimit(kind)[1]
    resource.setrlimit(kind, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))


def _send_photo(replies: BinaryIO, photo: Photo) -> None:
    """One line of JSON, then the pixels as RGB."""
    picture = photo.picture
    reduced = picture if isinstance(picture, Reduced) else None
    image = reduced.image if reduced else photo.image
    reply: dict[str, Any] = {
        "size": image.size,
        "format": photo.format,
        "orientation": photo.orientation,
        "reduced": reduced and [reduced.factor, reduced.left, reduced.top, reduced.width, reduced.height],
    }
    _send_line(replies, reply)
    rows = rows_per_strip(image.width)
    if image.height <= rows:
        replies.write(image.tobytes())
        return
    for top in range(0, image.height, rows):
        replies.write(image.crop((0, top, image.width, min(top + rows, image.height))).tobytes())


def _send_line(replies: BinaryIO, reply: dict[str, Any]) -> None:
    replies.write(json.dumps(reply).encode() + b"\n")


def main() -> None:
    # A core dump would hold the photo.
    _set_limit(resource.RLIMIT_CORE, 0)
    keep_freed(KEPT_MEMORY, KEPT_MEMORY // 4)
    # With a thread for each processor, every one would take memory for its stack and its part of the picture.
    AvifImagePlugin.DEFAULT_MAX_THREADS = 2
    # Pillow's warnings about odd files have no reader here.
    warnings.simplefilter("ignore")
    serve(sys.stdin.buffer, sys.stdout.buffer)


if __name__ == "__main__":
    main()
