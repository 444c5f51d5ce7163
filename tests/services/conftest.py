"""A site with both engines, which these tests need, too."""

from tests.web.conftest import hosted  # noqa: F401
