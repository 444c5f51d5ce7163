"""The fixtures of the pages, which these tests open, too."""

from tests.web.conftest import astronaut, hosted, submit, two_people  # noqa: F401
