"""The progress of what moves a site elsewhere."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tqdm import tqdm


@contextmanager
def progress_bar(unit: str) -> Iterator[Callable[[int], Callable[[int], object]]]:
    """A bar on standard error, if that is a terminal; it begins when the number of things is known."""
    with tqdm(unit=f" {unit}", file=sys.stderr, disable=None) as bar:

        def begin(total: int) -> Callable[[int], object]:
            bar.reset(total)
            update: Callable[[int], object] = bar.update
            return update

        yield begin
