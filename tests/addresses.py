"""Every address of the site, with something real in the places where it has a variable."""

import re
from collections.abc import Iterator, Mapping

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import StringConverter, UUIDConverter

VARIABLE = re.compile(r"<(?:\w+:)?(?P<name>\w+)>")


def patterns(resolver: URLResolver | None = None, before: str = "/") -> Iterator[tuple[str, Mapping[str, object]]]:
    """Each route as it is written, with its converters; a new address is in here without being told to."""
    for each in (resolver or get_resolver()).url_patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from patterns(each, route)
        elif isinstance(each, URLPattern):
            yield route, each.pattern.converters


def addresses(result: object, word: str = "json", number: int = 1) -> list[str]:
    """All of them, with that result wherever one is asked for, and a word or a number everywhere else."""
    found = []
    for route, converters in patterns():

        def value(variable: re.Match[str], converters: Mapping[str, object] = converters) -> str:
            converter = converters[variable["name"]]
            if isinstance(converter, UUIDConverter):
                return str(result)
            return word if isinstance(converter, StringConverter) else str(number)

        found.append(VARIABLE.sub(value, route))
    return found
