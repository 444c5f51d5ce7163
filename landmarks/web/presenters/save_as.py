"""The panel "Save as": formats by what they are for, the options, and how much leaves."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Sum
from django.http import QueryDict

from landmarks.exports.formats import Can, Format, Group
from landmarks.exports.point_sets import ALL_POINTS, POINT_SETS
from landmarks.exports.registry import FORMATS
from landmarks.http.style_query import StyleForm
from landmarks.models import Result, ResultQuerySet
from landmarks.web.forms.save_as import Choice, SaveAsForm

STYLE = tuple(name for name in StyleForm.base_fields if name not in ("faces", "guessed"))
COLUMNS = (
    (Group.PEOPLE, Group.SPREADSHEETS),
    (Group.TRAINING,),
    (Group.PROGRAMS, Group.PHOTO),
)


@dataclass(frozen=True)
class Entry:
    """A format in the list."""

    name: str
    format: Format
    is_chosen: bool

    @property
    def suffix(self) -> str:
        return self.format.suffix

    @property
    def can(self) -> str:
        """Which options it has, for the script."""
        has = {"scheme": Can.SCHEME, "guessed": Can.GUESSED}
        names = [name for name, needed in has.items() if needed in self.format.can]
        return " ".join([*names, *(["photos"] if Can.INSIDE not in self.format.can else [])])


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
    result_count: int
    face_count: int

    @property
    def columns(self) -> Iterable[tuple[Section, ...]]:
        return [tuple(self._section(title) for title in titles) for titles in COLUMNS]

    def _section(self, title: str) -> Section:
        entries = (
            Entry(name, each, name == self.choice.format) for name, each in FORMATS.items() if each.group == title
        )
        return Section(title, tuple(entries))

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
    return Panel(action, hidden, choice, 1, result.face_count)


def for_results(results: ResultQuerySet, choice: Choice, action: str, query: QueryDict) -> Panel:
    """`query` is what selects them, in an address."""
    done = results.done()
    faces = done.aggregate(total=Sum("face_count"))["total"] or 0
    hidden = ((name, value) for name, values in query.lists() if name not in SaveAsForm.base_fields for value in values)
    return Panel(action, tuple(hidden), choice, done.count(), faces)
