"""What an export contains, as given by the query of a URL."""

from django.http import QueryDict

from landmarks.core.errors import RequestInvalid
from landmarks.exports.formats import Can, Format
from landmarks.exports.options import Options, Shapes
from landmarks.exports.registry import FORMATS
from landmarks.http.query_fields import ListField, WholeField, first_error, one_of
from landmarks.http.style_query import StyleForm
from landmarks.services.exporting import format_called
from landmarks.services.rendering import LARGEST_SCALE

ARCHIVE = "zip"
INSIDE = tuple(name for name in FORMATS if name != ARCHIVE)
"""The formats of which an archive with the photos can hold files."""


class ExportForm(StyleForm):
    """The options of one format; every field is optional."""

    shapes = one_of("shapes", Shapes)
    formats = ListField(
        required=False,
        choices=[(name, name) for name in INSIDE],
        error_messages={"invalid_choice": f"“%(value)s” isn't one of the formats: {', '.join(INSIDE)}."},
    )
    scale = WholeField("scale", 1, LARGEST_SCALE)

    def __init__(self, query: QueryDict, face_count: int = 0) -> None:
        super().__init__(query, face_count)
        del self.fields["faces"]


NEEDS = {
    "scheme": Can.SCHEME,
    "guessed": Can.GUESSED,
    "shapes": Can.SHAPES,
    "formats": Can.INSIDE,
    **{name: Can.STYLE for name in (*StyleForm.base_fields, "scale") if name not in ("faces", "guessed", "scheme")},
}
"""What a format must be able to for each of the options."""


def options_without(file_format: Format) -> list[str]:
    """The options that a format has not."""
    return [name for name, needed in NEEDS.items() if not needed & file_format.can]


def export_options(query: QueryDict, format_name: str) -> Options:
    """Raises NotFound for an unknown format, or RequestInvalid for an option that it has not.

    The default of such an option is no mistake: generated clients send all of them.
    """
    file_format = format_called(format_name)
    for name in options_without(file_format):
        if name in query and not is_default(query, name):
            formats = ", ".join(each for each, other in FORMATS.items() if NEEDS[name] & other.can)
            raise RequestInvalid("option_not_of_format", option=name, format=format_name, formats=formats)
    return read_options(query)


def is_default(query: QueryDict, name: str) -> bool:
    alone = QueryDict(mutable=True)
    alone.setlist(name, query.getlist(name))
    try:
        return read_options(alone) == read_options(QueryDict())
    except RequestInvalid:
        return False


def read_options(query: QueryDict) -> Options:
    """Raises RequestInvalid."""
    form = ExportForm(query)
    if not form.is_valid():
        raise RequestInvalid("form_invalid", reason=first_error(form))
    cleaned = form.cleaned_data
    return Options(
        scheme=cleaned["scheme"],
        with_guessed=cleaned["guessed"],
        shapes=Shapes(cleaned["shapes"] or Shapes.SKELETONS),
        inside=tuple(name for name in INSIDE if name in (cleaned["formats"] or ())),
        style=form.style(),
        scale=cleaned["scale"] or 1,
    )
