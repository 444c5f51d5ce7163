"""`Idempotency-Key`: one result, however often and however concurrently the request comes."""

import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.utils import timezone

from landmarks.models import IdempotencyKey, Job, Result
from landmarks.services import engines, idempotency
from landmarks.storage import deletion, key_claims
from tests.api.conftest import RESULTS, MakeToken, Program, error_of
from tests.patience import PATIENCE

JSON = "application/json"
KEY = "2f6c1c0e 7b0a"


def post(program: Program, body: object, key: str = KEY, path: str = RESULTS) -> object:
    headers = {**program.headers(), "Idempotency-Key": key}
    return program.client.post(path, body, content_type=JSON, headers=headers)


def send(program: Program, photo: Path, key: str = KEY, path: str = RESULTS, **fields: str) -> object:
    with photo.open("rb") as file:
        headers = {**program.headers(), "Idempotency-Key": key}
        return program.client.post(path, {"photo": file, **fields}, headers=headers)


def test_a_second_call_gets_the_first_result(program: Program, images: Path) -> None:
    first, second = (send(program, images / "two_people.jpg") for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert first.headers["Location"] == second.headers["Location"]
    assert second.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first.headers
    assert Result.objects.count() == 1


def test_it_is_the_result_as_it_is_now(program: Program, web: Callable[[str], str]) -> None:
    body = {"image_url": web("two_people.jpg")}
    path = post(program, body).json()["url"]
    program.client.patch(path, {"note": "changed"}, content_type=JSON, headers=program.headers())
    assert post(program, body).json()["note"] == "changed"


def test_a_run_is_repeated_once(program: Program, images: Path) -> None:
    path = f"{RESULTS}/{send(program, images / 'rocket.jpg', 'a').json()['id']}/again"
    again = {post(program, {}, "b", path).json()["id"] for _ in range(3)}
    assert (len(again), Result.objects.count()) == (1, 2)


def test_another_request_with_the_same_key_is_rejected(program: Program, images: Path) -> None:
    photo = images / "rocket.jpg"
    path = f"{RESULTS}/{send(program, photo).json()['id']}/again"
    for other in (
        send(program, images / "astronaut.jpg"),
        send(program, photo, mode="1"),
        post(program, {"image_url": "https://example.org/"}),
        post(program, {}, path=path),
    ):
        assert error_of(other) == (422, "idempotency_key_reused")
    assert Result.objects.count() == 1


def test_keys_of_others_are_others(program: Program, images: Path, make_token: MakeToken) -> None:
    other = Program(make_token("bob"), Client())
    ids = {send(each, images / "rocket.jpg").json()["id"] for each in (program, other)}
    assert len(ids) == 2


def test_a_collection_is_made_once(program: Program) -> None:
    first, second = (post(program, {"name": "Spring"}, path="/api/collections") for _ in range(2))
    assert (first.status_code, first.json()) == (201, second.json())
    assert second.headers["Idempotency-Replayed"] == "true"
    assert error_of(post(program, {"name": "Summer"}, path="/api/collections")) == (422, "idempotency_key_reused")
    program.client.delete(first.json()["url"], headers=program.headers())
    assert post(program, {"name": "Summer"}, path="/api/collections").status_code == 201


def test_a_photo_of_a_collection_is_new_however_often_it_is_sent(program: Program, images: Path) -> None:
    photos = program.post("/api/collections", {"name": "Spring"}, content_type=JSON).json()["photos"]
    sent = [send(program, images / "rocket.jpg", path=photos).json() for _ in range(2)]
    sent += [post(program, {"image_url": "https://example.org/"}, "b", photos).json() for _ in range(2)]
    assert [photo["is_new"] for photo in sent] == [True] * 4
    assert (sent[0], sent[2]) == (sent[1], sent[3])
    # A key with which nothing new came stays so, too.
    known = [send(program, images / "rocket.jpg", "c", path=photos).json() for _ in range(2)]
    assert known == [{**sent[0], "is_new": False}] * 2
    assert error_of(send(program, images / "two_people.jpg", path=photos)) == (422, "idempotency_key_reused")
    assert Job.objects.count() == 2


@pytest.mark.parametrize("key", ["", " ", "\t", "a" * 256, "schl\xfcssel"])
def test_what_is_no_key_is_rejected(program: Program, key: str) -> None:
    assert error_of(post(program, {"image_url": "https://example.org/"}, key)) == (400, "bad_request")


def test_a_request_that_made_nothing_can_be_repeated(program: Program, web: Callable[[str], str]) -> None:
    body = {"image_url": web("rocket.jpg") + "-later"}
    assert error_of(post(program, body)) == (400, "fetch_failed")
    assert not IdempotencyKey.objects.exists()
    assert post(program, {"image_url": web("rocket.jpg")}).status_code == 201


def test_a_failed_run_is_a_result_too(program: Program, images: Path, settings: LazySettings, tmp_path: Path) -> None:
    models, settings.MODELS_DIR = settings.MODELS_DIR, tmp_path
    failed = send(program, images / "astronaut.jpg").json()
    settings.MODELS_DIR = models
    assert send(program, images / "astronaut.jpg").json() == failed
    assert failed["error"]["code"] == "engine_unavailable"


def test_a_key_is_free_after_a_day(program: Program, images: Path) -> None:
    first = send(program, images / "rocket.jpg").json()
    IdempotencyKey.objects.update(created=timezone.now() - timedelta(hours=23))
    assert send(program, images / "rocket.jpg").json() == first
    IdempotencyKey.objects.update(created=timezone.now() - timedelta(hours=25))
    assert send(program, images / "astronaut.jpg").json()["id"] != first["id"]
    assert Result.objects.count() == 2


def test_old_keys_are_deleted(program: Program, images: Path) -> None:
    for key in ("a", "b", "c"):
        send(program, images / "rocket.jpg", key)
    IdempotencyKey.objects.update(created=timezone.now() - timedelta(hours=25))
    send(program, images / "rocket.jpg", "d")
    send(program, images / "rocket.jpg", "e")
    assert IdempotencyKey.objects.count() == 2
    assert Result.objects.count() == 5


# --- what is stored --------------------------------------------------------------------------------------------------


def test_a_key_goes_with_its_result(program: Program, images: Path) -> None:
    made = send(program, images / "rocket.jpg").json()
    program.client.delete(f"{RESULTS}/{made['id']}", headers=program.headers())
    deletion.finish_deletions(timezone.now() + timedelta(minutes=1))
    assert not Result.objects.exists()
    assert not IdempotencyKey.objects.exists()


def test_a_deleted_result_is_not_returned(program: Program, images: Path) -> None:
    made = send(program, images / "rocket.jpg").json()
    program.client.delete(f"{RESULTS}/{made['id']}", headers=program.headers())
    again = send(program, images / "rocket.jpg").json()
    assert again["id"] != made["id"]
    assert send(program, images / "rocket.jpg").json() == again


def test_nothing_of_key_request_or_result_is_stored_but_its_id(program: Program, images: Path) -> None:
    made = send(program, images / "astronaut.jpg", "ann@example.org", note="secret").json()
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM landmarks_idempotencykey")
        (row,) = cursor.fetchall()
    stored = " ".join(map(str, row))
    assert made["id"].replace("-", "") in stored.replace("-", "")
    assert len(row) == 9
    assert not any(text in stored for text in ("ann", "secret", "astronaut", "[["))


# --- at the same time ------------------------------------------------------------------------------------------------


class Waiting:
    """An engine that is kept from going on until the others have answered."""

    def __init__(self, engine: engines.Engine) -> None:
        self.engine, self.entered, self.may_go_on, self.runs = engine, threading.Event(), threading.Event(), 0

    def find(self, *args: object) -> object:
        self.runs += 1
        self.entered.set()
        assert self.may_go_on.wait(PATIENCE)
        return self.engine.find(*args)


@pytest.mark.django_db(transaction=True)
def test_concurrent_calls_run_once(program: Program, images: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    waiting = Waiting(engines.engine("local"))
    monkeypatch.setattr(engines, "engine", lambda name: waiting)
    answers = []

    def first() -> None:
        try:
            answers.append(send(Program(program.token, Client()), images / "rocket.jpg"))
        finally:
            connection.close()

    thread = threading.Thread(target=first)
    thread.start()
    assert waiting.entered.wait(PATIENCE)
    others = [send(program, images / "rocket.jpg") for _ in range(3)]
    waiting.may_go_on.set()
    thread.join(PATIENCE)
    assert [error_of(each) for each in others] == [(409, "idempotency_key_in_use")] * 3
    assert int(others[0].headers["Retry-After"]) > 0
    assert answers[0].status_code == 201
    assert send(program, images / "rocket.jpg").json() == answers[0].json()
    assert (waiting.runs, Result.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_calls_at_the_same_moment_run_once(program: Program, images: Path) -> None:
    barrier, answers = threading.Barrier(4), []

    def call() -> None:
        try:
            barrier.wait(PATIENCE)
            answers.append(send(Program(program.token, Client()), images / "rocket.jpg"))
        finally:
            connection.close()

    threads = [threading.Thread(target=call) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert sorted({each.status_code for each in answers}) in ([201], [201, 409])
    assert len({each.json()["id"] for each in answers if each.status_code == 201}) == 1
    assert Result.objects.count() == 1


def test_a_request_that_was_lost_does_not_block_its_key_for_ever(program: Program, images: Path) -> None:
    made = send(program, images / "rocket.jpg").json()
    IdempotencyKey.objects.update(result=None)
    assert error_of(send(program, images / "rocket.jpg")) == (409, "idempotency_key_in_use")
    IdempotencyKey.objects.update(created=timezone.now() - key_claims.LEASE)
    assert send(program, images / "rocket.jpg").json()["id"] != made["id"]


@pytest.mark.parametrize("path", [RESULTS, f"{RESULTS}?async=1"])
def test_who_is_killed_after_storing_has_used_the_key(
    program: Program, images: Path, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def end(*_: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patch, pytest.raises(SystemExit):
        patch.setattr(key_claims, "note_found", end)
        send(program, images / "rocket.jpg", path=path)
    (made,) = [*Result.objects.all(), *Job.objects.all()]
    assert send(program, images / "rocket.jpg", path=path).json()["id"] == str(made.pk)
    assert Result.objects.count() + Job.objects.count() == 1


# --- leases ----------------------------------------------------------------------------------------------------------


class Interrupted:
    """An engine that lets something happen the first time before it goes on."""

    def __init__(self, engine: engines.Engine, happen: Callable[[], object]) -> None:
        self.engine, self.happening = engine, [happen]

    def find(self, *args: object) -> object:
        if self.happening:
            self.happening.pop()()
        return self.engine.find(*args)


@pytest.mark.django_db(transaction=True)
def test_the_key_of_a_long_request_stays_in_use(
    program: Program, images: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_renewed, renew = threading.Event(), key_claims.renew
    monkeypatch.setattr(idempotency, "RENEW_EVERY", 0.01)
    monkeypatch.setattr(key_claims, "renew", lambda row: renew(row) and not is_renewed.set())

    def repeat() -> None:
        IdempotencyKey.objects.update(renewed=timezone.now() - key_claims.LEASE)
        is_renewed.clear()
        assert is_renewed.wait(PATIENCE)
        assert error_of(send(program, images / "rocket.jpg")) == (409, "idempotency_key_in_use")

    engine = Interrupted(engines.engine("local"), repeat)
    monkeypatch.setattr(engines, "engine", lambda name: engine)
    made = send(program, images / "rocket.jpg").json()
    assert send(program, images / "rocket.jpg").json() == made


def test_who_was_frozen_longer_than_its_lease_stores_nothing(
    program: Program, images: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repeated = []

    def repeat() -> None:
        IdempotencyKey.objects.update(created=timezone.now() - key_claims.LEASE)
        repeated.append(send(program, images / "rocket.jpg").json())

    engine = Interrupted(engines.engine("local"), repeat)
    monkeypatch.setattr(engines, "engine", lambda name: engine)
    late = send(program, images / "rocket.jpg")
    assert (late.status_code, late.json()["error"]["code"]) == (409, "idempotency_key_in_use")
    assert send(program, images / "rocket.jpg").json() == repeated[0]
    assert Result.objects.count() == 1
