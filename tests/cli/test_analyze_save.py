"""`manage.py analyze --save`: stored as a collection, each photo analysed once, whatever fails."""

import csv
import io
import json
import logging
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.utils import timezone

from landmarks.core.finding import Options
from landmarks.models import Collection, Job, Result
from landmarks.services import collection_runs, collections
from landmarks.storage import collection_counts
from landmarks.storage import collections as storage
from landmarks.storage import jobs as job_rows
from tests.cli.analyzing import usage
from tests.rows import make_owner

pytestmark = pytest.mark.usefixtures("models_dir")
in_database = pytest.mark.django_db(transaction=True)


def states(collection: Collection | None = None) -> dict[str, int]:
    """Of its photos; of the only one, if none is given."""
    counts = collection_counts.count(collection or Collection.objects.get()).by_state
    return {state.value: count for state, count in counts.items() if count}


@in_database
def test_photos_are_stored_as_a_collection_with_the_name_of_the_folder(analyze: Any, folder: Path) -> None:
    status, out, err = analyze(folder, "--save")
    collection = Collection.objects.get()
    assert (status, out, collection.name, collection.owner.key) == (0, "", "in", "analyze")
    assert states() == {"done": 1, "none": 1}
    assert sorted(Result.objects.values_list("name", flat=True)) == ["astronaut.jpg", "rocket.jpg"]
    assert "2 of 2 photos done, 1 face found." in err
    assert f"2 photos analysed now. They are in the collection in of analyze ({collection.pk})." in err


@in_database
def test_photos_belong_to_the_owner_that_is_named(analyze: Any, folder: Path) -> None:
    analyze(folder, "--save", "--owner", "ann", "--collection", "Spring", "--rotate")
    collection = Collection.objects.get()
    assert (collection.name, collection.owner.kind, collection.owner.key) == ("Spring", "token", "ann")
    assert set(Result.objects.values_list("owner__key", "rotate")) == {("ann", True)}


class Resuming(logging.Handler):
    """Resumes all collections when something is logged."""

    def __init__(self) -> None:
        super().__init__()
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())
        for collection in Collection.objects.all():
            storage.resume(collection)


@in_database
def test_a_collection_that_is_paused_meanwhile_is_waited_for(images: Path) -> None:
    collection = collections.create(make_owner("ann"), "Spring", Options(100), "local")
    storage.pause(Collection.objects.get())
    resuming, logger = Resuming(), logging.getLogger("landmarks.services.collection_runs")
    logger.addHandler(resuming)
    try:
        photo = (images / "rocket.jpg").read_bytes()
        job, is_known = collection_runs.analyze(collection, photo, "rocket.jpg", timezone.now())
    finally:
        logger.removeHandler(resuming)
    assert (job.status, is_known) == ("done", False)
    assert resuming.messages == ["The collection is paused. This command goes on when it is resumed on its page."]


@in_database
def test_a_second_run_over_the_same_photos_analyses_none_of_them(analyze: Any, folder: Path) -> None:
    analyze(folder, "--save")
    (folder / "below").mkdir()
    (folder / "rocket.jpg").rename(folder / "below" / "moved.jpg")
    status, _, err = analyze(folder, "--save", "--jsonl", "-")
    assert status == 0
    assert "2 of 2 photos done, 1 face found." in err
    assert "0 photos analysed now, 2 had been before." in err
    assert Result.objects.count() == 2
    assert [states(collection) for collection in Collection.objects.all()] == [{"done": 1, "none": 1}] * 2


@in_database
def test_copies_in_a_folder_are_analysed_once(analyze: Any, folder: Path, images: Path) -> None:
    (folder / "copy.jpg").write_bytes((images / "rocket.jpg").read_bytes())
    status, out, err = analyze(folder, "--save", "--jsonl", "-")
    assert (status, len(out.splitlines())) == (0, 3)
    assert "2 photos analysed now, 1 had been before." in err
    assert states() == {"done": 1, "none": 1}


@in_database
def test_failures_are_kept_with_their_reasons_and_tried_again(analyze: Any, folder: Path, images: Path) -> None:
    for name in ("bad.jpg", "later.jpg"):
        (folder / name).write_bytes(b"no photo")
    assert analyze(folder, "--save")[0] == 1
    assert states() == {"done": 1, "none": 1, "failed": 2}
    assert set(Job.objects.filter(status="failed").values_list("name", "error_code")) == {
        ("bad.jpg", "photo_unsupported"),
        ("later.jpg", "photo_unsupported"),
    }
    # They aren't there to be tried again by the site.
    assert storage.retry(Collection.objects.get()) == 0
    (folder / "later.jpg").write_bytes((images / "two_people.jpg").read_bytes())
    status, _, err = analyze(folder, "--save", "--resume")
    assert status == 1
    assert "1 photo analysed now, 2 had been before." in err
    assert states() == {"done": 2, "none": 1, "failed": 1}


@in_database
def test_a_job_that_failed_is_tried_again(analyze: Any, folder: Path) -> None:
    analyze(folder, "--save")
    lost = Job.objects.get(name="astronaut.jpg")
    Result.objects.filter(pk=lost.result_id).update(status="failed", error_code="timeout")
    Job.objects.filter(pk=lost.pk).update(status="failed", has_faces=None, error_code="timeout")
    Collection.objects.update(done=0, failed=1)
    assert "1 photo analysed now, 1 had been before." in analyze(folder, "--save", "--resume")[2]
    assert states() == {"done": 1, "none": 1}


@in_database
def test_what_a_killed_run_left_is_finished_by_the_next_one(analyze: Any, folder: Path, images: Path) -> None:
    analyze(folder / "rocket.jpg", "--save", "--collection", "in")
    collection = Collection.objects.get()
    for name in ("astronaut.jpg", "two_people.jpg"):
        job, _ = collections.submit(collection, (images / name).read_bytes(), name)
    (folder / "two_people.jpg").write_bytes((images / "two_people.jpg").read_bytes())
    assert job_rows.claim(job.pk)
    Job.objects.filter(pk=job.pk).update(due=timezone.now() - timedelta(seconds=1))
    assert analyze(folder, "--save", "--resume")[0] == 0
    assert states() == {"done": 2, "none": 1}
    assert Job.objects.get(pk=job.pk).attempts == 2
    assert Result.objects.count() == 3


@in_database
def test_addresses_are_saved_once_for_each_photo(
    analyze: Any, images: Path, httpserver: Any, settings: LazySettings
) -> None:
    settings.FETCH_ALLOW_NETWORKS = (ip_network("127.0.0.0/8"),)
    for name in ("/a.jpg", "/b.jpg"):
        httpserver.expect_request(name).respond_with_data((images / "astronaut.jpg").read_bytes())
    addresses = [httpserver.url_for(name) for name in ("/a.jpg", "/b.jpg")]
    status, out, _ = analyze(*addresses, "http://", "--save", "--jsonl", "-")
    assert status == 1
    rows = [json.loads(line) for line in out.splitlines()]
    assert [row.get("error", {}).get("code") for row in rows] == [None, None, "address_invalid"]
    assert states() == {"done": 1, "failed": 1}
    assert Result.objects.get().address == addresses[0]


@in_database
def test_everything_else_is_written_from_what_is_saved(analyze: Any, folder: Path, tmp_path: Path) -> None:
    outputs = ["--csv", tmp_path / "points.csv", "--overlays", tmp_path / "drawn"]
    for name in ("first.zip", "again.zip"):
        status, out, _ = analyze(
            *(folder, "--save", "--jsonl", "-", "--extras", "--dense", "--overwrite", *outputs),
            *("--export", "coco", tmp_path / name),
        )
        assert status == 0
        first, second = map(json.loads, out.splitlines())
        (face,) = first["face_shape_set"]
        assert second["face_shape_set"] == []
        assert len(face["dense"]) == 478
        assert 0.6 < face["score"] <= 1
        assert len(list(csv.DictReader(io.StringIO((tmp_path / "points.csv").read_text())))) == 91
        assert sorted(path.name for path in (tmp_path / "drawn").iterdir()) == ["astronaut.png", "rocket.png"]
    assert Result.objects.count() == 2


@in_database
def test_lines_of_an_earlier_run_are_kept_and_their_photos_saved(analyze: Any, folder: Path, tmp_path: Path) -> None:
    lines = tmp_path / "out.jsonl"
    analyze(folder / "rocket.jpg", "--jsonl", lines)
    before = lines.read_text()
    analyze(folder, "--save", "--resume", "--jsonl", lines)
    assert lines.read_text().startswith(before)
    assert len(lines.read_text().splitlines()) == 2
    assert states() == {"done": 1, "none": 1}


@in_database
def test_a_collection_is_gone_on_with_only_in_the_same_way(analyze: Any, folder: Path) -> None:
    analyze(folder, "--save")
    assert "other options" in usage(folder, "--save", "--resume", "--rotate")
    assert analyze(folder, "--save", "--resume", "--owner", "ann", "--rotate")[0] == 0


@in_database
def test_a_run_ends_where_nothing_more_can_be_stored(folder: Path, settings: LazySettings) -> None:
    settings.MAX_STORED_MB = 0
    with pytest.raises(CommandError, match="go on with --resume") as caught:
        call_command("analyze", str(folder), "--save")
    assert caught.value.returncode == 1
    assert not Job.objects.exists()


@pytest.mark.parametrize(
    "options",
    [
        ["--owner", "ann"],
        ["--collection", "Spring"],
        ["--save", "--collection", " "],
        ["--save", "--resume", "--csv", "table"],
        ["--save", "--face-model-version", "3" * 17],
    ],
    ids=["owner alone", "collection alone", "no name", "table without lines", "long version"],
)
def test_options_that_do_not_fit_are_wrong_usage(images: Path, options: list[str]) -> None:
    assert usage(images, *options)
