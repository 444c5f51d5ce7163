"""How much a process does at once: one table of limits, each with its slots and who may wait for them."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from landmarks.core.errors import EngineUnavailable
from landmarks.runtime.limit import ANY, Limit
from landmarks.runtime.memory import release_freed

CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
PIXELS = 60_000_000
"""Of one of the largest photos, or of several smaller ones: a quarter of a gigabyte, at Pillow's four bytes each."""

# fmt: off
#                       what                     at once  queue  share  seconds message
REQUESTS        = Limit("photos and drawings",   128,     0,     96,    2.0,    "busy_requests")
DETECTION       = Limit("reading and detecting", CORES,   ANY,   ANY,   0.3,    "busy_detecting")
HOSTED_CALLS    = Limit("hosted calls",          8,       ANY,   6,     5.0,    "busy_calling")
DRAWING         = Limit("drawing pictures",      2,       ANY,   ANY,   0.5,    "busy_drawing")
LOCAL_PIXELS    = Limit("pixels of local runs",  PIXELS,  ANY,   ANY,   0.3,    "busy_memory")
HOSTED_PIXELS   = Limit("pixels of hosted runs", PIXELS,  ANY,   ANY,   5.0,    "busy_memory")
DECODING        = Limit("decoder processes",     2,       ANY,   ANY,   0.1,    "busy_decoding")
LARGE_JSON      = Limit("photos within JSON",    2,       ANY,   ANY,   0.3,    "busy_decoding")
FETCHING        = Limit("fetching photos",       64,      ANY,   16,    0.5,    "busy_fetching")
NAME_LOOKUPS    = Limit("looking up host names", 64,      ANY,   16,    0.1,    "busy_fetching")
TEMPORARY_LINKS = Limit("photos to be fetched",  3,       ANY,   ANY,   2.0,    "busy_publishing", EngineUnavailable)
SEARCHING       = Limit("searches",              2,       4,     ANY,   0.5,    "busy_searching")
EXPORTING       = Limit("exports of several",    8,       0,     3,     10.0,   "busy_exporting")
EVENT_STREAMS   = Limit("event streams",         16,      0,     4,     30.0,   "busy_requests")
# fmt: on

# In each queue, clients take turns. Nobody joins one whose wait is expected to be longer than `caller.PATIENCE`, which
# counts for all the slots that a photo needs together. `share` is what one client may hold of the slots, and for a
# fetch also one host; more of its requests wait. `seconds` is the expected time until some were measured.
#
# Why these numbers:
# REQUESTS         Each has a thread of the server, working or waiting. Of these, one client can't take all.
# DETECTION        It is work for a processor: more at once would only wait for a core.
# HOSTED_CALLS     They wait for the network, for up to a minute, so one client leaves some for the others.
# DRAWING          A large photo takes seconds.
# ..._PIXELS       Of whole pictures, so that many large photos can't fill the memory. Those of hosted calls stay for as
#                  long as the network takes, so they have a limit of their own.
# DECODING         The largest files take half a gigabyte each.
# LARGE_JSON       A photo of the largest size takes four times as much memory while it is read from JSON.
# FETCHING         They wait for the network and take little memory. Hosts that answer slowly, and who sends their
#                  addresses, occupy no more than their share.
# NAME_LOOKUPS     A resolver that doesn't answer occupies its thread for longer than any caller waits.
# TEMPORARY_LINKS  Each may occupy a thread that serves the file, and those are for pages too.
# SEARCHING        Those that no index answers keep a processor busy for as long as they may take. Few wait, so that
#                  pages go on.
# EXPORTING        Each has a thread until its client has received everything. Nobody waits for one on a thread.
# EVENT_STREAMS    Each has a thread while its client listens. Who gets none is told to ask again a little later.

MAX_THREADS = REQUESTS.max_threads + SEARCHING.max_threads + EXPORTING.max_threads + EVENT_STREAMS.max_threads
"""Threads that all of this can hold; a server with more of them always has one for its pages."""

LARGE_PICTURE = 4_000_000
"""Pixels from which on releasing memory takes little of the time that the picture takes."""


@contextmanager
def picture_memory(limit: Limit, pixels: int) -> Iterator[None]:
    """Memory for a picture, which must be freed when the block ends; raise Busy.

    Freed memory goes back to the system before a large picture is read, and again before the next one gets its slots.
    """
    with limit.slot(pixels):
        is_large = pixels > LARGE_PICTURE
        if is_large:
            release_freed()
        try:
            yield
        finally:
            if is_large:
                release_freed()
