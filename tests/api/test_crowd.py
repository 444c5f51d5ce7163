"""Many calls of the API at once, against a running site: they wait for one another, and none is refused."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event, Semaphore

import pytest
import requests

from tests.api.servers import make_token
from tests.net.servers import RawServer, ok, running
from tests.patience import PATIENCE
from tests.server.test_serve import Server, serving

DRIPPING = 24
"""More than a host may have fetched from it at a time."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, models_dir: Path) -> Iterator[tuple[Server, Path]]:
    folder = tmp_path_factory.mktemp("crowd") / "data"
    with serving(folder, models_dir, FETCH_ALLOW_NETWORKS="127.0.0.0/8,::1/128") as site:
        yield site, folder


@pytest.fixture
def photos() -> Iterator[RawServer]:
    with running(RawServer()) as server:
        yield server


def analyze(site: Server, token: str, address: str) -> int:
    with requests.Session() as session:
        session.trust_env = False
        session.headers["Authorization"] = f"Bearer {token}"
        body = {"image_url": address}
        return session.post(f"{site.address}/face/analyze", json=body, timeout=PATIENCE).status_code


def test_sixteen_clients_with_one_token_address_and_host_are_all_answered(
    site: tuple[Server, Path], photos: RawServer, images: Path
) -> None:
    server, folder = site
    token = make_token(folder, "crowd", "--rate", "off")
    address = photos.answer("/obama.jpg", ok((images / "obama-240p.jpg").read_bytes()))
    with ThreadPoolExecutor(16) as pool:
        statuses = list(pool.map(lambda _: analyze(server, token, address), range(48)))
    assert statuses == [200] * 48


def test_addresses_that_drip_stop_no_others(site: tuple[Server, Path], photos: RawServer, images: Path) -> None:
    """Of the same host under another name, so that its share is not what they wait for."""
    server, folder = site
    dripping, other = (make_token(folder, name, "--rate", "off") for name in ("dripping", "other"))
    photo = ok((images / "obama-240p.jpg").read_bytes())
    arrived, go_on = Semaphore(0), Event()

    def drip() -> Iterator[bytes]:
        arrived.release()
        yield photo[:1000]
        go_on.wait(PATIENCE)
        yield photo[1000:]

    photos.answers["/drip.jpg"] = drip
    photos.answer("/obama.jpg", photo)
    with ThreadPoolExecutor(DRIPPING + 3) as pool:
        for _ in range(DRIPPING):
            pool.submit(analyze, server, dripping, photos.url("/drip.jpg"))
        assert all(arrived.acquire(timeout=PATIENCE) for _ in range(3))
        address = photos.url("/obama.jpg", "localhost")
        statuses = list(pool.map(lambda _: analyze(server, other, address), range(3)))
        go_on.set()
    assert statuses == [200] * 3
