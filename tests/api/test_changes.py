"""Run again, restore, and several results at once."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from landmarks.models import Photo, Result
from tests.api.conftest import RESULTS, MakeToken, Program, error_of
from tests.vendor import Vendor
from tests.web.test_history import copies

JSON = "application/json"


@pytest.fixture
def made(program: Program, images: Path) -> dict:
    return program.send(RESULTS, images / "two_people.jpg", "photo", mode="1").json()


def post(program: Program, path: str, body: object) -> object:
    return program.post(f"{RESULTS}/{path}", json.dumps(body), content_type=JSON)


# --- run again -------------------------------------------------------------------------------------------------------


def test_a_photo_is_run_again_as_before(program: Program, made: dict) -> None:
    response = post(program, f"{made['id']}/again", {})
    again = response.json()
    assert (response.status_code, response.headers["Location"]) == (201, f"{RESULTS}/{again['id']}")
    assert again["id"] != made["id"]
    assert (again["mode"], again["face_count"], again["name"]) == (1, 1, "two_people.jpg")
    assert Photo.objects.count() == 1


def test_a_photo_is_run_again_in_another_way(program: Program, made: dict) -> None:
    body = {"mode": "0", "need_rotate_detection": 1, "face_model_version": 2, "engine": "auto"}
    again = post(program, f"{made['id']}/again", body).json()
    assert (again["mode"], again["need_rotate_detection"], again["face_count"]) == (0, 1, 2)
    assert again["face_model_version"] == "2.0"


def test_the_first_engine_runs_again_unless_another_is_chosen(program: Program, made: dict, hosted: Vendor) -> None:
    assert post(program, f"{made['id']}/again", {}).json()["engine"] == "local"


@pytest.mark.parametrize("body", [{"engine": "dlib"}, {"mode": 2}, {"image_url": "https://example.org/"}, []])
def test_another_run_is_rejected_for_what_it_lacks(program: Program, made: dict, body: object) -> None:
    assert error_of(post(program, f"{made['id']}/again", body)) == (400, "bad_request")
    assert Result.objects.count() == 1


# --- delete and restore ----------------------------------------------------------------------------------------------


def test_a_deleted_result_can_be_restored_for_a_while(program: Program, made: dict) -> None:
    program.client.delete(f"{RESULTS}/{made['id']}", headers=program.headers())
    response = program.post(f"{RESULTS}/{made['id']}/restore")
    assert (response.status_code, response.json()) == (200, made)
    assert program.post(f"{RESULTS}/{made['id']}/restore").status_code == 200  # it is there
    program.client.delete(f"{RESULTS}/{made['id']}", headers=program.headers())
    Result.objects.update(deleted=timezone.now() - timedelta(seconds=11))
    assert error_of(program.post(f"{RESULTS}/{made['id']}/restore")) == (404, "not_found")


def test_several_results_are_deleted_and_restored(program: Program, made: dict) -> None:
    copies(Result.objects.get(), 3)
    ids = [str(pk) for pk in Result.objects.values_list("pk", flat=True)]
    nobody = str(uuid4())
    response = post(program, "delete", {"ids": [*ids[:3], nobody, ids[0]]})
    assert (response.status_code, response.json()) == (200, {"deleted": ids[:3], "not_found": [nobody]})
    assert [each["id"] for each in program.get(RESULTS).json()["results"]] == [ids[3]]
    response = post(program, "restore", {"ids": [ids[1], nobody, ids[3]]})
    assert response.json() == {"restored": [ids[1], ids[3]], "not_found": [nobody]}
    assert program.get(RESULTS).json()["total"] == 2


@pytest.mark.parametrize("body", [{}, {"ids": []}, {"ids": ["x"]}, {"ids": "x"}, {"id": [str(uuid4())]}, []])
@pytest.mark.parametrize("action", ["delete", "restore"])
def test_a_list_of_ids_is_needed(program: Program, action: str, body: object) -> None:
    assert error_of(post(program, action, body)) == (400, "bad_request")


def test_so_many_ids_are_too_many(program: Program) -> None:
    assert error_of(post(program, "delete", {"ids": [str(uuid4())] * 501})) == (400, "bad_request")


def test_nobody_else_changes_results(program: Program, made: dict, make_token: MakeToken) -> None:
    other = Program(make_token("bob"), Client())
    assert post(other, "delete", {"ids": [made["id"]]}).json()["not_found"] == [made["id"]]
    assert error_of(post(other, f"{made['id']}/again", {})) == (404, "not_found")
    program.client.delete(f"{RESULTS}/{made['id']}", headers=program.headers())
    assert post(other, "restore", {"ids": [made["id"]]}).json()["not_found"] == [made["id"]]
    assert error_of(other.post(f"{RESULTS}/{made['id']}/restore")) == (404, "not_found")
    assert Result.objects.exclude(deleted=None).count() == 1


# --- how many there are ----------------------------------------------------------------------------------------------


def test_the_list_reports_how_many_there_are(program: Program, made: dict, images: Path) -> None:
    copies(Result.objects.get(), 4)
    program.send(RESULTS, images / "rocket.jpg", "photo")
    page = program.get(f"{RESULTS}?limit=2").json()
    assert (page["total"], program.get(page["next"]).json()["total"]) == (6, 6)
    for query in ("state=none", "state=found&engine=local", "count=1&since=2020-01-01"):
        page = program.get(f"{RESULTS}?{query}").json()
        assert page["total"] == len(page["results"]) < 6
    assert program.get(f"{RESULTS}?until=2020-01-01").json()["total"] == 0
    assert program.get(f"{RESULTS}?words=rocket").json()["total"] is None


def test_others_are_not_counted(made: dict, make_token: MakeToken, web: Callable[[str], str]) -> None:
    assert Program(make_token("bob"), Client()).get(RESULTS).json()["total"] == 0
