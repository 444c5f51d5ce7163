"""Photos as large as they may be, sent to a running site: taken, one after the other, in memory that is bounded."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from PIL import Image

from tests.patience import PATIENCE
from tests.photos.bombs import crowd_on_its_side, encoded, png_of_noise
from tests.web.test_hostile import Visitor, folder, form, site, visitor  # noqa: F401  fixtures among them

pytestmark = pytest.mark.slow


def turned() -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = 6
    return exif


@pytest.mark.parametrize(
    "make",
    [
        lambda: encoded(Image.new("RGBA", (7700, 7700), (90, 60, 30, 120)), "PNG", compress_level=1),
        lambda: encoded(Image.new("RGB", (7700, 7700)), "JPEG", exif=turned()),
    ],
    ids=["with alpha", "on its side"],
)
def test_the_largest_photo_is_taken(visitor: Visitor, make: Callable[[], bytes]) -> None:  # noqa: F811
    outcome = visitor.post(('name="photo"; filename="large"', make()))
    assert (outcome.faces, outcome.reason) == (0, "")


@pytest.mark.parametrize("make", [png_of_noise, crowd_on_its_side], ids=["noise", "small faces"])
def test_large_photos_that_come_at_once_wait_for_one_another(
    visitor: Visitor,  # noqa: F811
    make: Callable[[int], bytes],
) -> None:
    """Whether the site was ever too large is looked at when all tests are done."""

    def post(seed: int) -> int:
        sent = form(('name="photo"; filename="large"', make(seed)))
        sent["headers"]["Authorization"] = visitor.authorization
        return requests.post(f"{visitor.site.address}/api/results", timeout=PATIENCE, **sent).status_code

    def draw(address: str) -> int:
        # On a connection of its own: one that is kept may just be closed when it is used again.
        return requests.get(address, cookies=visitor.session.cookies, timeout=PATIENCE).status_code

    page = visitor.page_of(('name="photo"; filename="large"', make(0)))
    with ThreadPoolExecutor(4) as threads:
        answers = {*threads.map(post, range(1, 4)), *threads.map(draw, [f"{page}overlay.png"] * 3)}
    assert {200, 201} <= answers <= {200, 201, 503}
