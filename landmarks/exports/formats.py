"""What a format of exports is: one file for any number of results, or files for each of them."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import Flag, auto

from landmarks.core.analysis import Analysis
from landmarks.core.errors import NotFound
from landmarks.exports.archive import CONTENT_TYPE as ZIP
from landmarks.exports.archive import Entry, zipped
from landmarks.exports.options import Options

MISSING = "missing-photos.txt"
"""In an archive: the photos that it should have and are lost, and why."""


class Can(Flag):
    """Which options a format has."""

    NOTHING = 0
    SCHEME = auto()
    """Points of other schemes."""
    GUESSED = auto()
    """To leave out points that are guessed."""
    SHAPES = auto()
    STYLE = auto()
    """To be drawn in another way."""
    INSIDE = auto()
    """To contain files of other formats."""


class Group:
    """For whom a format is, as the menu has it."""

    PEOPLE = "For people"
    TRAINING = "For training"
    SPREADSHEETS = "For spreadsheets"
    PROGRAMS = "For programs"
    PHOTO = "The photo alone"


@dataclass(frozen=True)
class Exported:
    """A file, piece by piece."""

    pieces: Iterator[bytes]
    content_type: str
    suffix: str


@dataclass(frozen=True, kw_only=True)
class Format:
    """A file format; either `write` or `files` is given."""

    title: str
    group: str
    purpose: str
    """What it is for, on one line."""
    rounding: str
    """To what coordinates are rounded."""
    suffix: str
    content_type: str
    can: Can = Can.NOTHING
    needs_photo: bool = False
    needs: tuple[str, ...] = ()
    """Fields of a face that it holds beside points, uncertainty, score and pose."""
    scheme: str = ""
    """The point set that is taken where none is requested; the 90 if this is empty."""
    write: Callable[[Iterable[Analysis], Options], Iterator[bytes]] | None = None
    """One file for any number of results, read one after the other."""
    files: Callable[[Analysis, Options], Iterator[Entry]] | None = None
    """A file for each photo or face. Of several, an archive is made."""
    path: str = ""
    """Where readers look for the file in an archive with the photos, by default under the format's name; of files,
    the folder."""
    folder: str = ""
    """Where the photos lie, as seen from the file in such an archive."""
    config: Callable[[Options], Entry] | None = None
    """A file that goes with it into such an archive."""

    def export(self, analyses: Iterable[Analysis], options: Options) -> Exported:
        """One file of all of them. Of several results, nothing is read before the first piece is.

        Raises NotFound where the photo of a single result is needed and lost.
        """
        options = self.with_scheme(options)
        if self.write:
            return Exported(self.write(analyses, options), self.content_type, self.suffix)
        if options.several:
            return Exported(zipped(packed(analyses, lambda each: self.entries(each, options))), ZIP, ".zip")
        entries = [entry for analysis in analyses for entry in self.entries(analysis, options)]
        if len(entries) == 1:
            return Exported(iter(entries[0].pieces), self.content_type, self.suffix)
        return Exported(zipped(entries), ZIP, ".zip")

    def with_scheme(self, options: Options) -> Options:
        return options if options.scheme else replace(options, scheme=self.scheme)

    def entries(self, analysis: Analysis, options: Options) -> Iterator[Entry]:
        assert self.files  # noqa: S101  only called with it
        for entry in self.files(analysis, options):
            yield replace(entry, path=self.path + entry.path) if options.is_inside else entry

    def inside(self, name: str, analyses: Callable[[], Iterable[Analysis]], options: Options) -> Iterator[Entry]:
        """The files that an archive with the photos holds of this format."""
        options = replace(self.with_scheme(options), folder=self.folder, is_inside=True)
        if self.write:
            yield Entry(self.path or f"{name}{self.suffix}", self.write(analyses(), options))
        else:
            yield from packed(analyses(), lambda each: self.entries(each, options), is_last=False)
        if self.config:
            yield self.config(options)


def packed(
    analyses: Iterable[Analysis], entries: Callable[[Analysis], Iterator[Entry]], *, is_last: bool = True
) -> Iterator[Entry]:
    """The files of each result, and at the end one with the names of those whose photo is lost."""
    missing = []
    for analysis in analyses:
        try:
            yield from entries(analysis)
        except NotFound as exc:
            missing.append(f"{analysis.file_name}: {exc.message}\n")
    if missing and is_last:
        yield Entry(MISSING, ["".join(missing).encode()])
