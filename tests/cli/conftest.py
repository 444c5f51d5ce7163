"""What commands find: a data folder without the photos that other tests left, and both engines."""

from pathlib import Path

import pytest
from django.conf import LazySettings

from tests.cli.analyzing import analyze, folder  # noqa: F401
from tests.cli.backups import archive, other, site, template  # noqa: F401
from tests.web.conftest import hosted  # noqa: F401


@pytest.fixture(autouse=True)
def media(settings: LazySettings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"
