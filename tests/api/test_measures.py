"""The measures of a result, by token."""

import csv
import io
import json
from pathlib import Path
from uuid import uuid4

import pytest

from landmarks.core.measures import MEASURES
from tests.api.conftest import RESULTS, Program, error_of
from tests.web.conftest import body


@pytest.fixture
def made(program: Program, images: Path) -> dict:
    return program.send(RESULTS, images / "astronaut.jpg", "photo").json()


def test_every_face_is_measured(program: Program, made: dict) -> None:
    told = program.get(f"{RESULTS}/{made['id']}/measures").json()
    assert told["result"] == made["id"]
    (face,) = told["faces"]
    assert {value["measure"] for value in face["values"]} == {"symmetry", *MEASURES}
    assert (face["number"], face["yaw"]) == (1, made["faces"][0]["pose"]["yaw"])
    pupils = {
        value["unit"]: value["value"] for value in face["values"] if value["measure"] == "interpupillary_distance"
    }
    assert pupils["px"] == pytest.approx(42, abs=4)


def test_a_small_iris_gives_no_millimetres(program: Program, made: dict) -> None:
    (face,) = program.get(f"{RESULTS}/{made['id']}/measures").json()["faces"]
    assert (face["no_mm"], face["mm_per_px"]) == ("iris_small", None)
    assert "mm" not in {value["unit"] for value in face["values"]}
    assert all(each < 12 for each in made["faces"][0]["irises"])


def test_the_table_is_the_same(program: Program, made: dict) -> None:
    values = program.get(f"{RESULTS}/{made['id']}/measures").json()["faces"][0]["values"]
    response = program.get(f"{RESULTS}/{made['id']}/measures.csv")
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "astronaut-measures.csv" in response.headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(response.content.decode())))
    assert [float(row["value"]) for row in rows] == [value["value"] for value in values]


@pytest.mark.parametrize("name", ["measures", "measures.csv"])
def test_what_is_not_there_is_not_measured(program: Program, name: str) -> None:
    assert error_of(program.get(f"{RESULTS}/{uuid4()}/{name}"))[:2] == (404, "not_found")


@pytest.mark.parametrize(
    "name", ["scatter.svg?measure=nose_width&unit=px", "scatter.svg?y=nose_width&x=mrd1", "mean-shape.svg?"]
)
def test_several_results_are_drawn(program: Program, made: dict, images: Path, name: str) -> None:
    other = program.send(RESULTS, images / "two_people.jpg", "photo").json()
    response = program.get(f"{RESULTS}/{name}&ids={made['id']},{other['id']}")
    assert (response.headers["Content-Type"], response.content[:4]) == ("image/svg+xml", b"<svg")
    assert program.get(f"{RESULTS}/{name}&ids={uuid4()}").status_code == 404


def test_measures_of_several_results_are_one_file(program: Program, made: dict, images: Path) -> None:
    other = program.send(RESULTS, images / "two_people.jpg", "photo").json()
    ids = f"?ids={made['id']},{other['id']}"
    listed = json.loads(body(program.get(f"{RESULTS}/export/measures-json{ids}")))
    assert [(each["result"], len(each["faces"])) for each in listed] == [(other["id"], 2), (made["id"], 1)]
    assert listed[1]["faces"] == program.get(f"{RESULTS}/{made['id']}/measures").json()["faces"]
    rows = list(csv.DictReader(io.StringIO(body(program.get(f"{RESULTS}/export/measures{ids}")).decode())))
    assert {(row["result"], row["face"]) for row in rows} == {(made["id"], "1"), (other["id"], "1"), (other["id"], "2")}


def test_an_unknown_measure_is_named(program: Program, made: dict) -> None:
    response = program.get(f"{RESULTS}/scatter.svg?measure=ears")
    assert error_of(response) == (400, "bad_request")
    assert "“measure” must be one of palpebral_fissure_height" in response.json()["error"]["message"]
