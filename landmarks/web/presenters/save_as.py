"""The panel "Save as": formats by what they are for, the options, and how much leaves."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from django.db.models import Sum
from django.http import QueryDict

from landmarks.exports.formats import Can, Format, Group
from landmarks.exports.point_sets import ALL_POINTS, POINT_SETS
from landmarks.exports.registry import AS_FILES, DRAWN, FORMATS, MEASURED, UNROUNDED
from landmarks.exports.sizes import Contents, about, about_with_photos
from landmarks.http.style_query import StyleForm
from landmarks.models import Face, Result, ResultQuerySet
from landmarks.services import rendering
from landmarks.web.forms.save_as import Choice, SaveAsForm

STYLE = tuple(name for name in StyleForm.base_fields if name not in ("faces", "guessed", "scheme"))
COLUMNS = (
    (Group.PEOPLE, Group.SPREADSHEETS),
    (Group.TRAINING,),
    (Group.PROGRAMS, Group.PHOTO),
)


ROUNDINGS = {
    DRAWN: "Points are drawn, without their coordinates.",
    UNROUNDED: "Coordinates are not rounded.",
    MEASURED: f"Values are rounded to {MEASURED}.",
    AS_FILES: "",
}
"""What the panel says; of other formats, to what coordinates are rounded."""


@dataclass(frozen=True)
class Entry:
    """A format in the list."""

    name: str
    format: Format
    is_chosen: bool
    sizes: str
    """Bytes with the points of each scheme, or only one number, for the script."""
    archived: str
    """The same of an archive with the photos."""

    @property
    def suffix(self) -> str:
        return self.format.suffix

    @property
    def can(self) -> str:
        """Which options it has, for the script."""
        has = {"scheme": Can.SCHEME, "guessed": Can.GUESSED, "scale": Can.STYLE}
        names = [name for name, needed in has.items() if needed in self.format.can]
        return " ".join([*names, *(["photos"] if Can.INSIDE not in self.format.can else [])])

    @property
    def rounding(self) -> str:
        return ROUNDINGS.get(self.format.rounding, f"Coordinates are rounded to {self.format.rounding}.")


@dataclass(frozen=True)
class Section:
    title: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Scheme:
    name: str
    count: int
    title: str
    is_chosen: bool


@dataclass(frozen=True)
class Panel:
    action: str
    hidden: tuple[tuple[str, str], ...]
    """Fields that say which results these are."""
    choice: Choice
    contents: Contents
    scale: int = 1
    """By how much pictures are enlarged, so that marks do not hide small faces."""

    @property
    def columns(self) -> Iterable[tuple[Section, ...]]:
        return [tuple(self._section(title) for title in titles) for titles in COLUMNS]

    def _section(self, title: str) -> Section:
        entries = (
            Entry(
                name, each, name == self.choice.format, self._sizes(name, about), self._sizes(name, about_with_photos)
            )
            for name, each in FORMATS.items()
            if each.group == title
        )
        return Section(title, tuple(entries))

    def _sizes(self, name: str, size: Callable[[str, str, Contents], int]) -> str:
        has_schemes = Can.SCHEME in FORMATS[name].can and not FORMATS[name].needs_photo
        schemes = [scheme.name for scheme in self.schemes] if has_schemes else [""]
        return " ".join(str(size(name, scheme, self.contents)) for scheme in schemes)

    @property
    def schemes(self) -> list[Scheme]:
        """The first is what the format has by default, which is 68 points for iBUG and the 90 for others."""
        names = {name: "" if name == ALL_POINTS.name else name for name in POINT_SETS}
        return [
            Scheme(names[each.name], each.count, each.title, names[each.name] == self.choice.scheme)
            for each in POINT_SETS.values()
        ]


def for_result(result: Result, choice: Choice, action: str, query: QueryDict) -> Panel:
    """`query` is how the page shows the result, which pictures are drawn by too."""
    hidden = tuple((name, str(query[name])) for name in STYLE if name in query)
    if (scheme := query.get("scheme")) in POINT_SETS:
        choice = replace(choice, scheme="" if scheme == ALL_POINTS.name else scheme)
    with_dense = result.faces.filter(dense__isnull=False).count()
    contents = Contents(1, result.face_count, with_dense, result.photo.file_size or 0)
    return Panel(action, hidden, choice, contents, rendering.suggested_scale(result))


def for_results(results: ResultQuerySet, choice: Choice, action: str, query: QueryDict) -> Panel:
    """`query` is what selects them, in an address."""
    done = results.done()
    total = done.aggregate(faces=Sum("face_count"), bytes=Sum("photo__file_size"))
    with_dense = Face.objects.filter(result__in=done, dense__isnull=False).count()
    contents = Contents(done.count(), total["faces"] or 0, with_dense, total["bytes"] or 0)
    hidden = ((name, value) for name, values in query.lists() if name not in SaveAsForm.base_fields for value in values)
    return Panel(action, tuple(hidden), choice, contents)
