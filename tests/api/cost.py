"""What the API costs: CPU seconds of the server a photo, beside those of the bare work, measured in turns.

    python -m tests.api.cost [FOLDER] [--photos 30] [--rounds 6] [--threads 2]

The bare work is decoding, the embedded engine and encoding the photo again, as one process with as many threads does
it. FOLDER holds photos with faces; without one the portraits of tests/images are taken. All are scaled to 640 pixels.
Server and bare work look at the same photos in each round, one after the other, so that what else the machine does
falls upon both; the share is that of each round, in the median. Linux only, run by hand.
"""

import argparse
import io
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from statistics import median

import requests
from landmarks.intake.photo import PhotoLimits, encode_photo, read_photo
from PIL import Image, ImageOps

from landmarks.engines import Options
from landmarks.engines.local.engine import LocalEngine
from tests.intake.servers import running
from tests.vendor import Vendor

BASE_DIR = Path(__file__).resolve().parent.parent.parent
READY = "facesite is ready at "
SIDE = 640
PORTRAITS = ("astronaut.jpg", "obama-240p.jpg", "two_people.jpg")

Cost = Callable[[], float]
"""Looks at all photos once; the CPU seconds that one of them took."""


def main() -> None:
    asked = arguments()
    photos = [scaled(path) for path in sorted(asked.folder.iterdir()) if is_wanted(asked.folder, path)]
    photos = [photos[number % len(photos)] for number in range(asked.photos)]
    with ExitStack() as stack:
        works = {
            "bare work": stack.enter_context(bare_work(photos, asked.models, asked.threads)),
            **stack.enter_context(served_work(photos, asked.models, asked.threads)),
        }
        rounds = [{name: cost() for name, cost in works.items()} for _ in range(asked.rounds)]
    for name in works:
        cost = median(each[name] for each in rounds)
        shares = sorted(each[name] / each["bare work"] for each in rounds)
        say(
            f"{name}: {cost * 1000:.1f} ms, {median(shares):.2f} ({shares[0]:.2f} to {shares[-1]:.2f}) of the bare work"
        )


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=BASE_DIR / "tests" / "images")
    parser.add_argument("--photos", type=int, default=30, help="a round (%(default)s)")
    parser.add_argument("--rounds", type=int, default=6)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--models", type=Path, default=BASE_DIR / "data" / "models")
    return parser.parse_args()


def is_wanted(folder: Path, path: Path) -> bool:
    if folder == BASE_DIR / "tests" / "images":
        return path.name in PORTRAITS
    return path.suffix.lower() in (".jpg", ".jpeg", ".png")


def scaled(path: Path) -> bytes:
    stream = io.BytesIO()
    with Image.open(path) as image:
        upright = ImageOps.exif_transpose(image).convert("RGB")
        ImageOps.contain(upright, (SIDE, SIDE)).save(stream, "JPEG", quality=90)
    return stream.getvalue()


def every(photos: list[bytes], threads: int, work: Callable[[bytes], object]) -> None:
    with ThreadPoolExecutor(threads) as pool:
        for done in [pool.submit(work, photo) for photo in photos]:
            done.result()


# --- the bare work ---------------------------------------------------------------------------------------------------


@contextmanager
def bare_work(photos: list[bytes], models: Path, threads: int) -> Iterator[Cost]:
    """In a process of its own, which this one's work does not disturb."""
    with tempfile.TemporaryDirectory() as folder:
        for number, photo in enumerate(photos):
            (Path(folder) / f"{number:04}.jpg").write_bytes(photo)
        code = "from tests.api import cost; cost.look_again_and_again()"
        command = [sys.executable, "-c", code, folder, str(models), str(threads)]
        with subprocess.Popen(
            command, cwd=BASE_DIR, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        ) as process:
            assert process.stdin and process.stdout

            def cost() -> float:
                print(file=process.stdin, flush=True)
                return float(process.stdout.readline())

            cost()
            yield cost
            process.stdin.close()


def look_again_and_again() -> None:
    """The cost of each round, for a line on the input each."""
    folder, models, threads = sys.argv[1:]
    photos = [path.read_bytes() for path in sorted(Path(folder).iterdir())]
    engine, limits, asked = LocalEngine(Path(models)), PhotoLimits(20 * 2**20, 60_000_000), Options(10)

    def work(photo: bytes) -> None:
        read = read_photo(photo, limits)
        engine.find(read, asked)
        encode_photo(read.image)

    for _ in sys.stdin:
        started = time.process_time()
        every(photos, int(threads), work)
        say(str((time.process_time() - started) / len(photos)))
        sys.stdout.flush()


# --- the server ------------------------------------------------------------------------------------------------------


@contextmanager
def served_work(photos: list[bytes], models: Path, threads: int) -> Iterator[dict[str, Cost]]:
    with tempfile.TemporaryDirectory() as folder, site(Path(folder) / "data", models) as (address, process, token, web):
        places = {photo: web.puts(f"/{number}.jpg", photo) for number, photo in enumerate(dict.fromkeys(photos))}
        session = requests.Session()
        session.trust_env = False
        session.headers["Authorization"] = f"Bearer {token}"

        def analyze(photo: bytes) -> None:
            session.post(f"{address}/face/analyze", json={"image_url": places[photo]}).raise_for_status()

        def submit(photo: bytes) -> None:
            session.post(f"{address}/api/results", files={"photo": photo}).raise_for_status()

        def cost(work: Callable[[bytes], None]) -> float:
            before = cpu_seconds(process)
            every(photos, threads, work)
            return (cpu_seconds(process) - before) / len(photos)

        works = {"POST /face/analyze": partial(cost, analyze), "POST /api/results": partial(cost, submit)}
        for work in works.values():
            work()
        yield works


@contextmanager
def site(folder: Path, models: Path) -> Iterator[tuple[str, int, str, Vendor]]:
    """Address, process and token of a running site, and a web server whose photos it may fetch."""
    settings = {"DATA_DIR": str(folder), "MODELS_DIR": str(models), "FETCH_ALLOW_NETWORKS": "127.0.0.0/8"}
    manage = [sys.executable, "manage.py"]
    token = subprocess.run(
        [*manage, "create_token", "cost", "--rate", "off"],
        cwd=BASE_DIR,
        env=os.environ | settings,
        check=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ).stdout.strip()
    server = subprocess.Popen(
        [*manage, "serve", "--port", "0"],
        cwd=BASE_DIR,
        env=os.environ | settings,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    with running(Vendor()) as web, server:
        assert isinstance(web, Vendor)
        assert server.stdout
        try:
            ready = next(line for line in server.stdout if line.startswith(READY))
            yield ready.removeprefix(READY).split("/ ")[0], server.pid, token, web
        finally:
            server.terminate()


def cpu_seconds(process: int) -> float:
    """User and system time of a process, of all below it, and of those of them that have ended."""
    ticks = os.sysconf("SC_CLK_TCK")
    times = [int(time) for each in family(process) for time in stat(each)[11:15]]
    return sum(times) / ticks


def family(process: int) -> Iterator[int]:
    yield process
    for task in Path(f"/proc/{process}/task").iterdir():
        for child in (task / "children").read_text().split():
            yield from family(int(child))


def stat(process: int) -> list[str]:
    """What stands behind the name, which may hold anything, in /proc/…/stat."""
    return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main()
