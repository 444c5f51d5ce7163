"""The points of other schemes, by token."""

import io

import numpy as np
import pytest
from PIL import Image

from landmarks.core.schemes import PROJECTIONS, project
from landmarks.models import Face, Result
from tests.api.conftest import RESULTS, Program, error_of
from tests.web.conftest import body


@pytest.mark.parametrize("scheme", PROJECTIONS)
def test_a_result_has_the_points_of_a_scheme_with_number_name_and_error(
    program: Program, made: dict, scheme: str
) -> None:
    read = program.get(f"{RESULTS}/{made['id']}?scheme={scheme}").json()
    for found, face in zip(read["faces"], Result.objects.get().found_faces(), strict=True):
        projected = project(face, scheme)
        known = found["scheme"]
        assert (known["name"], known["error"]) == (scheme, PROJECTIONS[scheme].accuracy.error)
        assert [(each["number"], each["name"]) for each in known["points"]] == list(enumerate(projected.names))
        places = [(each["x"], each["y"]) for each in known["points"]]
        assert np.array(places) == pytest.approx(np.array(projected.points))
        assert [each["uncertainty"] for each in known["points"]] == pytest.approx(projected.uncertainty)
    assert [{**face, "scheme": None} for face in read["faces"]] == [{**face, "scheme": None} for face in made["faces"]]
    assert all("scheme" not in face for face in made["faces"])


def test_guessed_points_are_told(program: Program, made: dict) -> None:
    Face.objects.update(uncertainty=[0.2] * 21 + [0.01] * 69)
    (face, _) = program.get(f"{RESULTS}/{made['id']}?scheme=ibug68").json()["faces"]
    assert {each["name"].rpartition("_")[0] for each in face["scheme"]["points"] if each["guessed"]} == {"face_profile"}


def test_the_90_are_a_scheme_without_an_error(program: Program, made: dict) -> None:
    face = program.get(f"{RESULTS}/{made['id']}?scheme=face90").json()["faces"][0]
    assert (len(face["scheme"]["points"]), face["scheme"]["error"]) == (90, None)
    first = face["points"]["face_profile"][0]
    assert face["scheme"]["points"][0] | {"uncertainty": None} == {
        **{"number": 0, "name": "face_profile_0", "uncertainty": None, "guessed": False},
        **first,
    }


def test_an_unknown_scheme_is_named(program: Program, made: dict) -> None:
    for path in ("", "/overlay.svg", "/export/coco"):
        response = program.get(f"{RESULTS}/{made['id']}{path}?scheme=ibug69")
        assert error_of(response) == (400, "bad_request")
        assert "face90, ibug68" in response.json()["error"]["message"]


@pytest.mark.parametrize("path", ["overlay.svg", "export/svg"])
def test_drawings_have_its_points(program: Program, made: dict, path: str) -> None:
    drawn = body(program.get(f"{RESULTS}/{made['id']}/{path}?scheme=five")).decode()
    assert drawn.count("<use ") == 2 * 5


def test_the_picture_of_a_scheme_is_another(program: Program, made: dict) -> None:
    address = f"{RESULTS}/{made['id']}/overlay.png"
    pictures = [Image.open(io.BytesIO(body(program.get(address + query)))) for query in ("", "?scheme=wflw98")]
    assert pictures[0].size == pictures[1].size and pictures[0].tobytes() != pictures[1].tobytes()


def test_the_list_has_no_points(program: Program, made: dict) -> None:
    assert error_of(program.get(f"{RESULTS}?scheme=ibug68")) == (400, "bad_request")
