"""The fixtures of the pages, which these tests open, too."""

from tests.api.conftest import make_token  # noqa: F401
from tests.web.conftest import astronaut, hosted, submit, two_people  # noqa: F401
