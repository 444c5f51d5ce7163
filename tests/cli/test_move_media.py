"""`manage.py move_media`: every photo gets from the data folder to the bucket, and nothing gets lost on the way."""

from pathlib import Path

import pytest

from tests.s3 import Bucket
from tests.sites import Site


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path / "site").fill(3)


def test_every_file_is_copied_and_the_folder_stays(site: Site, bucket: Bucket) -> None:
    before = {name: site.content(name) for name in site.files()}
    assert len(before) == 6
    done = site.manage("move_media", **bucket.settings)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "The bucket has 6 of 6 files: 6 copied now, 0 before.\n"
    assert bucket.contents() == before
    assert {name: site.content(name) for name in site.files()} == before


def test_what_is_there_is_not_copied_again_and_can_then_be_deleted(site: Site, bucket: Bucket) -> None:
    names = sorted(site.files())
    stored = {name: site.content(name) for name in names}
    # As an interrupted run leaves it, and with one copy that was damaged.
    client = bucket.client()
    client.put_object(Bucket=bucket.name, Key=names[0], Body=stored[names[0]])
    client.put_object(Bucket=bucket.name, Key=names[1], Body=b"half")
    done = site.manage("move_media", "--delete", **bucket.settings)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("The bucket has 6 of 6 files: 5 copied now, 1 before.\n6 files deleted from ")
    assert bucket.contents() == stored
    assert site.files() == set()


def test_a_file_that_is_lost_is_reported_and_nothing_deleted(site: Site, bucket: Bucket) -> None:
    lost, *rest = sorted(site.files())
    (site.media / lost).unlink()
    done = site.manage("move_media", "--delete", **bucket.settings)
    assert done.returncode == 1
    assert done.stderr == "1 file of results missing: neither the data folder nor the bucket has it.\n"
    assert site.files() == set(rest) == set(bucket.contents())


def test_without_a_bucket_it_says_what_to_set(site: Site) -> None:
    done = site.manage("move_media")
    assert done.returncode == 1
    assert "Set S3_BUCKET" in done.stderr


def test_a_bucket_that_refuses_is_one_sentence(site: Site, bucket: Bucket) -> None:
    done = site.manage("move_media", **{**bucket.settings, "S3_BUCKET": "nobodys"})
    assert done.returncode == 1
    assert "NoSuchBucket" in done.stderr
    assert "Traceback" not in done.stderr
