"""The diameters of the irises."""

import numpy as np
import pytest

from landmarks.core.finding import Options
from landmarks.core.measures import inter_ocular_distance
from landmarks.engines.local.engine import LocalEngine
from landmarks.engines.local.gaze import EYES
from landmarks.engines.local.iris import RIMS, iris_diameters
from landmarks.engines.local.pose import Head
from landmarks.photos.decode import read_photo
from landmarks.photos.photo import PhotoLimits

AHEAD = Head(np.eye(3), 100.0)


def vertices(opening: float = 0.3) -> np.ndarray:
    """Two eyes 40 px wide, with irises 20 and 25 px across that lie aslant."""
    found = np.zeros((478, 3))
    for number, (_, _, inner, upper, _) in enumerate(EYES):
        found[inner, 0] = 40
        found[upper, 1] = 40 * (opening if number else 0.3)
        first, second = RIMS[number]
        found[second, :2] = (20, 15) if number else (16, 12)
    return found


def test_an_iris_is_measured_from_side_to_side():
    assert iris_diameters(vertices(), AHEAD) == (20.0, 25.0)


def test_an_iris_that_the_lids_cover_is_not_measured():
    assert iris_diameters(vertices(opening=0.1), AHEAD) == (20.0, None)


def test_irises_of_a_head_in_profile_are_not_measured():
    turned = Head(np.array([[0.5, 0, -0.87], [0, 1, 0], [0.87, 0, 0.5]]), 100.0)
    assert iris_diameters(vertices(), turned) == (None, None)


@pytest.mark.parametrize("name", ["astronaut.jpg", "two_people.jpg"])
def test_irises_are_a_seventh_of_the_eye_distance(models_dir, images, name):
    photo = read_photo((images / name).read_bytes(), PhotoLimits(10**8, 10**8))
    for face in LocalEngine(models_dir).find(photo, Options(max_faces=100)).faces:
        assert face.irises and all(each is not None for each in face.irises)
        shares = [(each or 0) / inter_ocular_distance(face) for each in face.irises]
        assert shares == pytest.approx([1 / 7, 1 / 7], rel=0.15)
