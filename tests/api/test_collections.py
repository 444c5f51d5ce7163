"""Collections of programs: photos sent one by one, each analysed once, counted, retried and cancelled."""

import hashlib
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import LazySettings
from django.test import Client

from landmarks.models import Collection, Job, Result
from tests.api.conftest import RESULTS, MakeToken, Program, error_of
from tests.api.test_jobs import run_all

pytestmark = pytest.mark.django_db
COLLECTIONS = "/api/collections"
ASTRONAUT, ROCKET, TWO = "astronaut.jpg", "rocket.jpg", "two_people.jpg"
"""With one face, with none, with two."""


def create(program: Program, name: str = "Spring", **fields: Any) -> Any:
    response = post(program, COLLECTIONS, name=name, **fields)
    assert response.status_code == 201, response.content
    return response.json()


def post(program: Program, url: str, **fields: Any) -> Any:
    return program.post(url, fields, content_type="application/json")


def add(program: Program, collection: dict[str, Any], photo: Path, **fields: str) -> Any:
    response = program.send(collection["photos"], photo, "photo", **fields)
    assert response.status_code == 202, response.content
    return response.json()


def read(program: Program, url: str) -> Any:
    response = program.get(url)
    assert response.status_code == 200, response.content
    return response.json()


def counts(program: Program, collection: dict[str, Any]) -> dict[str, int]:
    return {name: number for name, number in read(program, collection["url"])["counts"].items() if number}


# --- create ----------------------------------------------------------------------------------------------------------


def test_a_new_collection_is_empty(program: Program) -> None:
    response = post(program, COLLECTIONS, name=" Spring  2026 ", mode=1, dense=1, engine="local")
    made = response.json()
    assert response.status_code == 201
    assert (
        made["url"] == f"http://testserver{response['Location']}" == f"http://testserver/api/collections/{made['id']}"
    )
    assert made["photos"] == f"{made['url']}/photos"
    assert (made["name"], made["mode"], made["need_rotate_detection"], made["dense"]) == ("Spring 2026", 1, 0, 1)
    assert (made["engine"], made["total"], made["progress"]) == ("local", 0, 0)
    assert set(made["counts"].values()) == {0}
    assert read(program, made["url"]) == made


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"name": ""},
        {"name": "\u200b"},
        {"name": "a" * 256},
        {"name": "\u200b" + "a" * 255},
        {"name": "a", "mode": 2},
        {"name": "a", "engine": "x"},
    ]
    + [{"name": "a", "nam": "b"}, {"name": "a", "dense": None}],
    ids=["none", "empty", "invisible", "long", "long-as-sent", "mode", "engine", "unknown", "null"],
)
def test_a_wrong_field_makes_none(program: Program, fields: dict[str, Any]) -> None:
    assert error_of(post(program, COLLECTIONS, **fields)) == (400, "bad_request")
    assert not Collection.objects.exists()


def test_collections_are_listed_in_pages_newest_first(program: Program) -> None:
    made = [create(program, name) for name in ("a", "b", "c")]
    # Also those of one moment.
    Collection.objects.update(created=Collection.objects.latest("created").created)
    names, address = [], f"{COLLECTIONS}?limit=2"
    while address:
        response = program.get(address)
        page = response.json()
        assert page["total"] == 3
        names += [each["id"] for each in page["collections"]]
        address = page["next"]
        assert response.headers.get("Link") == (f'<{address}>; rel="next"' if address else None)
    assert sorted(names) == sorted(each["id"] for each in made)
    newest = create(program, "d")
    assert read(program, f"{COLLECTIONS}?limit=1")["collections"] == [newest]


@pytest.mark.parametrize("query", ["before=1", "limit=0", "limit=101", "words=a", "limit=1&limit=2"])
def test_another_list_is_an_error(program: Program, query: str) -> None:
    assert error_of(program.get(f"{COLLECTIONS}?{query}")) == (400, "bad_request")


# --- photos ----------------------------------------------------------------------------------------------------------


def test_photos_are_analysed_and_counted(program: Program, images: Path) -> None:
    collection = create(program)
    photo = add(program, collection, images / ASTRONAUT)
    assert (photo["status"], photo["is_new"], photo["name"], photo["result"]) == ("queued", True, ASTRONAUT, None)
    assert photo["digest"] == hashlib.sha256((images / ASTRONAUT).read_bytes()).hexdigest()
    add(program, collection, images / ROCKET, name="No face")
    assert counts(program, collection) == {"queued": 2}
    assert read(program, collection["url"])["progress"] == 0
    run_all()
    assert counts(program, collection) == {"done": 1, "none": 1}
    assert read(program, collection["url"])["progress"] == 1
    first, second = read(program, collection["photos"])["photos"]
    assert (first["id"], first["status"], first["face_count"], first["error"]) == (photo["id"], "done", 1, None)
    assert (second["name"], second["status"], second["face_count"]) == ("No face", "none", 0)
    assert read(program, f"{RESULTS}/{first['result']}")["name"] == ASTRONAUT
    assert read(program, photo["url"])["result"] == first["result"]


@pytest.mark.parametrize("path", ["photos", "photos/upload"])
def test_a_copy_is_passed_over_and_said_so(program: Program, images: Path, path: str) -> None:
    collection = create(program)
    sent = add(program, collection, images / ASTRONAUT)
    run_all()
    again = program.send(f"{collection['url']}/{path}", images / ASTRONAUT, "photo", name="copy").json()
    assert (again["id"], again["is_new"], again["status"], again["name"]) == (sent["id"], False, "done", ASTRONAUT)
    assert again["result"]
    assert counts(program, collection) == {"done": 1}


def test_a_photo_that_was_analysed_before_is_done_at_once(program: Program, images: Path) -> None:
    result = program.send(RESULTS, images / ASTRONAUT, "photo").json()
    photo = add(program, create(program), images / ASTRONAUT)
    assert (photo["status"], photo["is_new"], photo["result"]) == ("done", True, result["id"])


def test_an_address_is_fetched_when_it_is_its_turn(program: Program, web: Callable[[str], str]) -> None:
    collection, address = create(program), web(ASTRONAUT)
    response = post(program, collection["photos"], image_url=address)
    photo = response.json()
    assert response.status_code == 202
    assert photo["url"] == f"http://testserver{response['Location']}"
    assert (photo["status"], photo["is_new"], photo["address"]) == ("queued", True, address)
    assert (photo["name"], photo["digest"]) == (ASTRONAUT, None)
    again = program.post(collection["photos"], {"image_url": address}).json()
    assert (again["id"], again["is_new"]) == (photo["id"], False)
    gone = post(program, collection["photos"], image_url=f"{address}-gone", name="Gone").json()
    run_all()
    done, failed = read(program, collection["photos"])["photos"]
    assert (done["id"], done["status"], len(done["digest"])) == (photo["id"], "done", 64)
    assert (failed["id"], failed["name"], failed["error"]["code"]) == (gone["id"], "Gone", "fetch_failed")
    assert failed["error"]["message"]


def test_an_address_of_a_photo_that_is_there_disappears(
    program: Program, images: Path, web: Callable[[str], str]
) -> None:
    collection = create(program)
    add(program, collection, images / ROCKET)
    post(program, collection["photos"], image_url=web(ROCKET))
    run_all()
    assert counts(program, collection) == {"none": 1}


@pytest.mark.parametrize("address", ["ftp://example.org/a.jpg", "data:image/png;base64,AA==", ""])
def test_what_is_no_address_is_an_error(program: Program, address: str) -> None:
    collection = create(program)
    status, code = error_of(post(program, collection["photos"], image_url=address))
    assert (status, code in ("bad_request", "address_invalid")) == (400, True)
    assert counts(program, collection) == {}


def test_what_is_no_photo_is_an_error_and_not_added(program: Program, tmp_path: Path, images: Path) -> None:
    collection = create(program)
    (tmp_path / "photo.jpg").write_text("no photo")
    assert error_of(program.send(collection["photos"], tmp_path / "photo.jpg", "photo")) == (415, "photo_unsupported")
    both = program.send(collection["photos"], images / ROCKET, "photo", image_url="https://example.org/a.jpg")
    assert error_of(both) == (400, "bad_request")
    several = {"photo": [io.BytesIO(b"a"), io.BytesIO(b"b")]}
    assert error_of(program.post(collection["photos"], several)) == (400, "bad_request")
    assert error_of(program.post(collection["photos"], {"name": "a"})) == (400, "bad_request")
    assert error_of(post(program, f"{collection['photos']}/upload")) == (415, "unsupported_media_type")
    assert not Job.objects.exists()


def test_limits_are_those_of_results(
    client: Client, make_token: MakeToken, models_dir: Path, images: Path, settings: LazySettings
) -> None:
    program = Program(make_token(rate="2/day"), client)
    collection = create(program)
    add(program, collection, images / ROCKET)
    assert error_of(program.send(collection["photos"], images / TWO, "photo")) == (429, "too_many_requests")
    settings.MAX_STORED_MB = 0
    other = Program(make_token("bob", rate="off"), client)
    sent = other.send(create(other)["photos"], images / ROCKET, "photo")
    assert error_of(sent) == (403, "quota_exceeded")


def test_photos_are_listed_in_pages_and_by_status(program: Program, images: Path) -> None:
    collection = create(program)
    for name in (ASTRONAUT, ROCKET, TWO):
        add(program, collection, images / name)
    run_all()
    response = program.get(f"{collection['photos']}?limit=2")
    first = response.json()
    assert response["Link"] == f'<{first["next"]}>; rel="next"'
    second = read(program, first["next"])
    names = [photo["name"] for page in (first, second) for photo in page["photos"]]
    assert (names, second["next"]) == ([ASTRONAUT, ROCKET, TWO], None)
    done = read(program, f"{collection['photos']}?status=done&limit=1")
    assert [photo["name"] for photo in done["photos"]] == [ASTRONAUT]
    assert [photo["name"] for photo in read(program, done["next"])["photos"]] == [TWO]
    assert read(program, f"{collection['photos']}?status=failed") == {"photos": [], "next": None}
    assert read(program, f"{collection['photos']}?after={'9' * 19}") == {"photos": [], "next": None}
    for query in ("status=over", "after=a", "limit=501", "state=done"):
        assert error_of(program.get(f"{collection['photos']}?{query}")) == (400, "bad_request")


def test_a_deleted_result_is_not_named(program: Program, images: Path) -> None:
    collection = create(program)
    add(program, collection, images / ASTRONAUT)
    run_all()
    program.client.delete(f"{RESULTS}/{Result.objects.get().pk}", headers=program.headers())
    (photo,) = read(program, collection["photos"])["photos"]
    assert (photo["result"], photo["face_count"]) == (None, None)


def test_which_files_are_there_is_asked_by_their_sums(program: Program, images: Path) -> None:
    collection = create(program)
    there = add(program, collection, images / ROCKET)["digest"]
    url = f"{collection['url']}/known"
    assert post(program, url, digests=["0" * 64, there, there]).json() == {"known": [there]}
    for digests in ([], ["abc"], [there.upper()], ["0" * 64] * 1001, there):
        assert error_of(post(program, url, digests=digests)) == (400, "bad_request")


# --- actions ---------------------------------------------------------------------------------------------------------


def test_failed_photos_are_tried_again(program: Program, images: Path, settings: LazySettings, tmp_path: Path) -> None:
    collection = create(program)
    add(program, collection, images / ASTRONAUT)
    models, settings.MODELS_DIR = settings.MODELS_DIR, tmp_path
    run_all()
    assert counts(program, collection) == {"failed": 1}
    (photo,) = read(program, f"{collection['photos']}?status=failed")["photos"]
    assert photo["error"]["code"] == "engine_unavailable"
    settings.MODELS_DIR = models
    response = program.post(f"{collection['url']}/retry")
    assert (response.status_code, response.json()["counts"]["queued"]) == (200, 1)
    run_all()
    assert counts(program, collection) == {"done": 1}


def test_what_is_done_stays_when_the_rest_is_cancelled(program: Program, images: Path) -> None:
    collection = create(program)
    add(program, collection, images / ASTRONAUT)
    run_all()
    add(program, collection, images / ROCKET)
    response = program.post(f"{collection['url']}/cancel")
    assert response.status_code == 200
    assert response.json() == read(program, collection["url"])
    assert (counts(program, collection), response.json()["progress"]) == ({"done": 1, "cancelled": 1}, 1)
    assert add(program, collection, images / ROCKET)["is_new"]


def test_results_stay_when_their_collection_is_deleted(program: Program, images: Path) -> None:
    collection = create(program)
    add(program, collection, images / ROCKET)
    run_all()
    assert program.client.delete(collection["url"], headers=program.headers()).status_code == 204
    assert error_of(program.get(collection["url"])) == (404, "not_found")
    assert not Job.objects.exists()
    assert Result.objects.count() == 1


# --- one photo -------------------------------------------------------------------------------------------------------


def test_a_photo_that_failed_is_tried_again_alone(program: Program, web: Callable[[str], str]) -> None:
    collection, address = create(program), web(ROCKET)
    failing = [post(program, collection["photos"], image_url=f"{address}-{name}").json() for name in "ab"]
    run_all()
    one = f"{collection['photos']}/{failing[0]['id']}/retry"
    response = program.post(one)
    assert (response.status_code, response.json()["status"], response.json()["attempts"]) == (200, "queued", 0)
    assert counts(program, collection) == {"queued": 1, "failed": 1}
    assert program.post(one).json()["status"] == "queued"


def test_a_photo_is_cancelled_alone(program: Program, images: Path) -> None:
    collection = create(program)
    sent = [add(program, collection, images / name) for name in (ROCKET, TWO)]
    url = f"{collection['photos']}/{sent[0]['id']}/cancel"
    response = program.post(url)
    assert (response.status_code, response.json()["status"], response.json()["digest"]) == (200, "cancelled", None)
    assert counts(program, collection) == {"queued": 1, "cancelled": 1}
    run_all()
    done = program.post(f"{collection['photos']}/{sent[1]['id']}/cancel").json()
    assert (done["status"], done["face_count"]) == ("done", 2)


def test_a_collection_is_paused_and_resumed(program: Program, images: Path) -> None:
    collection = create(program)
    assert not collection["paused"]
    add(program, collection, images / ROCKET)
    paused = program.post(f"{collection['url']}/pause").json()
    assert (paused["paused"], paused["counts"]["queued"]) == (True, 1)
    run_all()
    assert counts(program, collection) == {"queued": 1}
    assert not program.post(f"{collection['url']}/resume").json()["paused"]
    run_all()
    assert counts(program, collection) == {"none": 1}


@pytest.mark.parametrize("action", ["retry", "cancel"])
def test_a_photo_of_another_collection_is_not_there(program: Program, images: Path, action: str) -> None:
    collection, other = create(program), create(program)
    id = add(program, other, images / ROCKET)["id"]
    for unknown in (id, uuid4()):
        assert error_of(program.post(f"{collection['photos']}/{unknown}/{action}")) == (404, "not_found")
    assert counts(program, other) == {"queued": 1}


# --- export ----------------------------------------------------------------------------------------------------------


def test_the_results_of_a_collection_are_one_file(program: Program, images: Path) -> None:
    program.send(RESULTS, images / TWO, "photo")
    collection = create(program)
    url = f"{collection['url']}/export"
    assert error_of(program.get(f"{url}/csv")) == (404, "not_found")
    add(program, collection, images / ASTRONAUT)
    run_all()
    response = program.get(f"{url}/csv?scheme=five")
    table = b"".join(response.streaming_content).decode().splitlines()
    assert (response.status_code, len(table)) == (200, 1 + 5)
    assert all(ASTRONAUT in line for line in table[1:])
    assert error_of(program.get(f"{url}/none")) == (404, "not_found")
    assert error_of(program.get(f"{url}/csv?all=1")) == (400, "bad_request")


# --- others ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("history", ["private", "shared"])
def test_somebody_elses_collection_does_not_exist(
    program: Program, client: Client, make_token: MakeToken, images: Path, settings: LazySettings, history: str
) -> None:
    settings.HISTORY = history
    collection = create(program)
    add(program, collection, images / ROCKET)
    bob = Program(make_token("bob", rate="off"), client)
    for url in (collection["url"], f"{COLLECTIONS}/{uuid4()}"):
        answers = [
            *(bob.get(url), bob.get(f"{url}/photos"), client.delete(url, headers=bob.headers())),
            *(bob.post(f"{url}/cancel"), bob.post(f"{url}/retry"), bob.get(f"{url}/export/csv")),
            post(bob, f"{url}/known", digests=["0" * 64]),
            bob.send(f"{url}/photos", images / TWO, "photo"),
            bob.send(f"{url}/photos/upload", images / TWO, "photo"),
            post(bob, f"{url}/photos", image_url="https://example.org/a.jpg"),
        ]
        assert [error_of(answer) for answer in answers] == [(404, "not_found")] * len(answers)
    assert read(bob, COLLECTIONS) == {"collections": [], "next": None, "total": 0}
    assert counts(program, collection) == {"queued": 1}


def test_a_token_for_analysis_only_makes_none(client: Client, make_token: MakeToken) -> None:
    program = Program(make_token(scope="analyze"), client)
    assert error_of(post(program, COLLECTIONS, name="a")) == (403, "token_mismatched")


def test_a_collection_is_not_sent_again_while_it_has_not_changed(program: Program, images: Path) -> None:
    collection = create(program)
    for url in (collection["url"], collection["photos"], COLLECTIONS):
        headers = {**program.headers(), "If-None-Match": program.get(url)["ETag"]}
        assert program.client.get(url, headers=headers).status_code == 304
