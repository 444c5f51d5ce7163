"""A backup of a site while people upload and delete, restored elsewhere: nothing acknowledged before it is missing."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from threading import Event, Thread

import pytest
import requests
from PIL import Image

from tests.patience import PATIENCE
from tests.server.test_serve import serving
from tests.sites import Site

VISITORS = 3
AT_LEAST = 3
"""Results of each visitor before the backup begins, and deletions."""


@dataclass
class Visitor:
    """A browser that uploads photos, and deletes every third result."""

    address: str
    kept: dict[str, bytes] = field(default_factory=dict)
    """The stored photo of each acknowledged result, by the path of its page."""
    deleted: list[str] = field(default_factory=list)
    session: requests.Session = field(default_factory=requests.Session)
    is_warm: Event = field(default_factory=Event)

    def __post_init__(self) -> None:
        self.session.trust_env = False
        self.get("/")

    def get(self, path: str) -> requests.Response:
        return self.session.get(f"{self.address}{path}", timeout=PATIENCE)

    def post(self, path: str, **files: bytes) -> requests.Response:
        form = {"csrfmiddlewaretoken": self.session.cookies["csrftoken"]}
        headers = {"Accept": "application/json"}
        return self.session.post(f"{self.address}{path}", form, headers=headers, files=files or None, timeout=PATIENCE)

    def upload(self) -> None:
        picture = BytesIO()
        Image.frombytes("RGB", (40, 30), os.urandom(3600)).save(picture, "PNG")
        answer = self.post("/", photo=picture.getvalue())
        if answer.status_code != 201:
            assert answer.status_code == 503, answer.text  # too much at once
            return
        page = answer.json()["url"]
        photo = self.get(f"{page}photo")
        assert photo.status_code == 200
        self.kept[page] = photo.content

    def delete_oldest(self) -> None:
        page = next(iter(self.kept))
        # From now on it may be gone.
        del self.kept[page]
        assert self.post(f"{page}delete").status_code in (200, 303, 404)
        self.deleted.append(page)

    def work(self, stop: Event) -> None:
        while not stop.is_set():
            for _ in range(3):
                self.upload()
            self.delete_oldest()
            if min(len(self.kept), len(self.deleted)) >= AT_LEAST:
                self.is_warm.set()


@contextmanager
def working(visitors: list[Visitor]) -> Iterator[None]:
    """All of them at work, in threads of their own."""
    stop = Event()
    threads = [Thread(target=visitor.work, args=[stop]) for visitor in visitors]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(PATIENCE)


def check_restored(site: Site, models_dir: Path, visitors: list[Visitor], before: list[dict[str, bytes]]) -> int:
    """Each visitor, with the cookie of the old site, finds its results; returns how many were found."""
    found = 0
    with serving(site.data_dir, models_dir, **site.settings) as running:
        for visitor, acknowledged in zip(visitors, before, strict=True):
            visitor.address = running.address
            for page, photo in acknowledged.items():
                if page in visitor.kept:
                    assert visitor.get(page).status_code == 200
                    assert visitor.get(f"{page}photo").content == photo
                    assert visitor.get(f"{page}thumbnail").status_code == 200
                    found += 1
            for page in (*visitor.kept, *visitor.deleted):
                # Whether it is in the backup or not, it is whole or not there.
                statuses = {visitor.get(f"{page}{part}").status_code for part in ("", "photo", "thumbnail")}
                assert statuses in ({200}, {404})
                assert Visitor(running.address).get(page).status_code == 404
        assert running.stop(signal.SIGINT)[0] == 0
    return found


@pytest.mark.slow
def test_nothing_acknowledged_is_missing(two_sites: tuple[Site, Site], models_dir: Path, tmp_path: Path) -> None:
    one, two = two_sites
    with serving(one.data_dir, models_dir, API_RATE="off", **one.settings) as running:
        visitors = [Visitor(running.address) for _ in range(VISITORS)]
        with working(visitors):
            for visitor in visitors:
                assert visitor.is_warm.wait(PATIENCE)
            before = [dict(visitor.kept) for visitor in visitors]
            made = one.manage("backup", tmp_path / "backup.tar")
            assert made.returncode == 0, made.stderr
        assert running.stop(signal.SIGINT)[0] == 0
    restored = two.manage("restore", tmp_path / "backup.tar")
    assert restored.returncode == 0, restored.stderr
    assert two.keys == one.keys
    assert not [result for result in two.results().values() if None in result]
    assert check_restored(two, models_dir, visitors, before)
