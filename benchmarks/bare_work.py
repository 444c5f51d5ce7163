"""Work that no server can avoid, in a separate process: decode, engine, encode; `python -m benchmarks.bare_work`.

Memory is kept for the next photo as the server keeps it, which makes the bare work faster, too. Decoding is in the same
process: what it takes to have photos decoded in another one counts as the site's.
"""

import sys
import time
from pathlib import Path

from benchmarks.process import write_line
from benchmarks.timing import run_in_threads, timed
from landmarks.core.finding import Options
from landmarks.engines.local.engine import LocalEngine
from landmarks.photos.decode import read_photo
from landmarks.photos.encode import encode_photo
from landmarks.photos.photo import PhotoLimits
from landmarks.runtime.memory import KEPT, KEPT_BLOCK, keep_freed

LIMITS = PhotoLimits(20 * 2**20, 60_000_000)
MAX_FACES = 100


def main(arguments: list[str]) -> None:
    """Arguments: the models' folder, the threads, the photos' files.

    For each line on standard input all photos are processed, and the CPU seconds of that are written.
    """
    keep_freed(KEPT, KEPT_BLOCK)
    engine, options = LocalEngine(Path(arguments[0])), Options(MAX_FACES)
    photos = [Path(name).read_bytes() for name in arguments[2:]]

    def work(data: bytes) -> None:
        photo = read_photo(data, LIMITS)
        engine.find(photo, options)
        encode_photo(photo.image)

    for _ in sys.stdin:
        write_line(timed(lambda: run_in_threads(photos, int(arguments[1]), work), time.process_time))


if __name__ == "__main__":
    main(sys.argv[1:])
