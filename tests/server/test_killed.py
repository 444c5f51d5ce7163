"""A server that is killed holds nothing: what it did can be done again at once."""

import os
import signal
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import requests

from tests.patience import PATIENCE
from tests.processes import family
from tests.server.test_serve import serving
from tests.storage.test_storage_failures import Visitor
from tests.vendor import PLATFORM_TOKEN, TOKEN, Request, Vendor, look


def test_a_run_of_a_killed_server_can_be_repeated_at_once(
    tmp_path: Path, models_dir: Path, images: Path, vendor: Vendor
) -> None:
    is_called, is_killed = Event(), Event()

    def wait(vendor: Vendor, request: Request) -> Iterable[bytes]:
        is_called.set()
        is_killed.wait(PATIENCE)
        return look(vendor, request)

    vendor.answers(wait)
    hosted = {"ACEDATA_API_URL": vendor.url, "ACEDATA_API_TOKEN": TOKEN, "ENGINE": "local"}
    hosted |= {"ACEDATA_PLATFORM_URL": vendor.platform_url, "ACEDATA_PLATFORM_TOKEN": PLATFORM_TOKEN}
    hosted |= {"FETCH_ALLOW_NETWORKS": "127.0.0.0/8"}
    with ThreadPoolExecutor(1) as threads:
        with serving(tmp_path, models_dir, **hosted) as server:
            visitor = Visitor(server, images / "astronaut.jpg")
            path = visitor.submit().headers["Location"]
            threads.submit(run_hosted, visitor, path)
            assert is_called.wait(PATIENCE)
            for pid in family(server.process.pid):
                os.kill(pid, signal.SIGKILL)
        is_killed.set()
    with serving(tmp_path, models_dir, **hosted) as server:
        visitor.server = server
        response = run_hosted(visitor, path)
        assert response.status_code == 303
        assert response.headers["Location"] != path
        assert len(visitor.history()) == 2
    assert len(vendor.requests) == 2


def run_hosted(visitor: Visitor, path: str) -> requests.Response:
    visitor.get("/")
    form = {"csrfmiddlewaretoken": visitor.session.cookies["csrftoken"], "engine": "acedata"}
    address = f"{visitor.server.address}{path}again"
    return visitor.session.post(address, form, timeout=PATIENCE, allow_redirects=False)
