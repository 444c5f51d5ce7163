"""Free disk space, where photos and the database are."""

import shutil
from pathlib import Path

import pytest
from django.conf import LazySettings

from landmarks.storage import disk


@pytest.mark.django_db
def test_free_space_is_known_before_the_folder_is_made(settings: LazySettings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "not" / "made" / "yet"
    assert disk.nearest(settings.MEDIA_ROOT) == tmp_path
    free = disk.free_bytes()
    assert free is not None
    assert 0 <= free <= shutil.disk_usage(tmp_path).total
