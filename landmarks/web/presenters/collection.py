"""A collection as its page shows it: numbers, parts of the bar, and a tile for each photo."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from landmarks.models import Collection, Job
from landmarks.storage import collection_counts, collections
from landmarks.storage.collection_counts import Counts, State, state_of
from landmarks.web.forms.collection import PageForm

PAGE_SIZE = 64
LABELS = {
    State.DONE: "done",
    State.NONE: "no face",
    State.RUNNING: "in work",
    State.QUEUED: "waiting",
    State.FAILED: "failed",
    State.CANCELLED: "cancelled",
}
"""In the order of the bar."""
BAR = 1000
"""Units of the bar's length; each part that there is has at least LEAST."""
LEAST = 6


@dataclass(frozen=True)
class Part:
    """One state: its part of the bar, its row of the key and its filter."""

    state: State
    label: str
    count: int
    start: float
    width: float
    query: str
    is_chosen: bool


@dataclass(frozen=True)
class Tile:
    """A photo."""

    id: str
    name: str
    state: State
    text: str
    details: str
    """What can be done about a failure, where `text` has only the cause of it."""
    badge: str
    result: str
    """Address of its result; empty without one."""
    thumbnail: str
    is_retryable: bool
    """Whether it failed, and is there to be tried again."""


@dataclass(frozen=True)
class CollectionPage:
    counts: Counts
    is_paused: bool
    parts: list[Part]
    tiles: list[Tile]
    query: str
    """Of all photos."""
    before: str
    after: str
    """Queries of the neighbours; empty if there is none."""

    @property
    def percent(self) -> int:
        return 100 * self.counts.over // self.counts.total if self.counts.total else 0

    @property
    def exported(self) -> int:
        return self.counts.by_state[State.DONE] + self.counts.by_state[State.NONE]

    @property
    def failed(self) -> int:
        return self.counts.by_state[State.FAILED]

    @property
    def is_open(self) -> bool:
        return self.counts.over < self.counts.total

    @property
    def is_over(self) -> bool:
        return self.counts.total > 0 and not self.is_open

    @property
    def is_running(self) -> bool:
        """Whether anything changes by itself."""
        return self.is_open and (not self.is_paused or bool(self.counts.by_state[State.RUNNING]))


def read_page(collection: Collection, form: PageForm) -> CollectionPage:
    """Raises StorageError."""
    state, cleaned = form.state_wanted, form.cleaned_data
    page = collections.read_page(collection, PAGE_SIZE, state, cleaned["after"], cleaned["before"])
    counts = collection_counts.count(collection)
    return CollectionPage(
        counts,
        collection.is_paused,
        parts_of(counts, state),
        [tile_of(job) for job in page.jobs],
        "?",
        query(state, before=page.before) if page.before is not None else "",
        query(state, after=page.after) if page.after is not None else "",
    )


def parts_of(counts: Counts, chosen: State | None) -> list[Part]:
    widths = {
        state: max(LEAST, BAR * counts.by_state[state] / counts.total) if counts.by_state[state] else 0.0
        for state in LABELS
    }
    scale, start, parts = BAR / (sum(widths.values()) or 1), 0.0, []
    for state, label in LABELS.items():
        width = widths[state] * scale
        parts.append(
            Part(state, label, counts.by_state[state], round(start, 1), round(width, 1), query(state), state is chosen)
        )
        start += width
    return parts


def query(state: State | None, **position: int) -> str:
    return "?" + urlencode({**({"state": state.value} if state else {}), **position})


def tile_of(job: Job) -> Tile:
    result, state = job.result, state_of(job.status, job.has_faces)
    count = result.face_count if result else 0
    cause, _, remedy = job.error_message.partition(". ")
    texts = {
        State.DONE: "1 face" if count == 1 else f"{count} faces",
        State.NONE: "No face found",
        State.RUNNING: "Finding points …",
        State.QUEUED: "Waiting",
        State.FAILED: cause.removesuffix(".") + ".",
        State.CANCELLED: "Cancelled",
    }
    badges = {State.DONE: texts[State.DONE] if count > 1 else "", State.NONE: "no face"}
    return Tile(
        str(job.pk),
        job.name,
        state,
        texts[state],
        remedy if state is State.FAILED else "",
        badges.get(state, ""),
        reverse("landmarks:result-detail", args=[result.pk]) if result else "",
        reverse("landmarks:result-thumbnail", args=[result.pk]) if result else "",
        state is State.FAILED and bool(job.photo_id or job.address),
    )
