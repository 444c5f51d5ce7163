"""What backup and restore report of their work: a bar on a terminal, and a summary."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tqdm import tqdm

from landmarks.services.backups import Begin, Report
from landmarks.storage.archives import Manifest


@contextmanager
def progress_bar() -> Iterator[Begin]:
    """A bar of bytes on standard error, if that is a terminal."""
    bars: list[tqdm[None]] = []

    def begin(size: int) -> Callable[[int], object]:
        bars.append(tqdm(total=size, unit="B", unit_scale=True, file=sys.stderr, disable=None))
        update: Callable[[int], object] = bars[-1].update
        return update

    try:
        yield begin
    finally:
        for bar in bars:
            bar.close()


def summary(report: Report) -> str:
    """`12 results, 11 photos, 2 tokens; 24 files, 34.2 MB, in 1.3 seconds`."""
    manifest = report.manifest
    rows = ", ".join(count(manifest.counts.get(name, 0), name) for name in ("result", "photo", "token"))
    return (
        f"{rows}; {count(len(manifest.files), 'file')}, {manifest.size / 2**20:.1f} MB, in {report.seconds:.1f} seconds"
    )


def remarks(manifest: Manifest) -> list[str]:
    """A sentence for each kind of photo or thumbnail that is not in the archive."""
    sentences = []
    if manifest.missing:
        sentences.append(f"{count(len(manifest.missing), 'file')} of results had been lost before the backup was made.")
    if manifest.deleted:
        sentences.append(f"{count(len(manifest.deleted), 'file')} were deleted while the backup was made.")
    return sentences


def count(number: int, thing: str) -> str:
    return f"{number:,} {thing}{'' if number == 1 else 's'}"
