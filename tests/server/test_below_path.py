"""The site below `/faces/` behind a real nginx, which cuts that path or leaves it, before a real `serve`."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import requests

from tests.api.servers import make_token
from tests.patience import PATIENCE
from tests.ports import free_port
from tests.server.test_deployment import Site, documented, make_certificate, nginx, wait_for
from tests.server.test_serve import serving

LINK = re.compile(r'(?:href|src|action)="(/[^"]*)"')
IMPORT = re.compile(r'(?:import|from) ?"(\./[^"]+)"')
CHANGES = {
    "cut": {"location / {": "location /faces/ {", "proxy_pass http://facesite;": "proxy_pass http://facesite/;"},
    "left": {"location / {": "location /faces/ {"},
}
"""What docs/deployment.md says to change in nginx.conf; it may leave the path in the requests, too."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("below")


@pytest.fixture(scope="module")
def sites(folder: Path, models_dir: Path) -> Iterator[dict[str, Site]]:
    """The same server, in front of which one nginx cuts the path and another leaves it."""
    with ExitStack() as stack:
        behind = {"HTTPS": "on", "TRUSTED_PROXIES": "127.0.0.1"}
        server = stack.enter_context(serving(folder / "data", models_dir, **behind))
        sites = {}
        for kind, changes in CHANGES.items():
            (here := folder / kind).mkdir()
            plain = free_port(2)
            secure = plain + 1
            make_certificate(here)
            text = documented(here, server.port, plain, secure)
            for before, after in {**changes, 'X-Forwarded-Prefix "";': "X-Forwarded-Prefix /faces;"}.items():
                assert before in text
                text = text.replace(before, after)
            (here / "facesite.conf").write_text(text)
            stack.enter_context(nginx(here))
            wait_for(secure)
            sites[kind] = Site(server, here, plain, secure)
            sites[kind].address += "/faces"
        yield sites


@pytest.fixture(params=CHANGES)
def site(request: pytest.FixtureRequest, sites: dict[str, Site]) -> Site:
    return sites[request.param]


def mark(session: requests.Session) -> dict[str, str]:
    return {"csrfmiddlewaretoken": next(cookie.value or "" for cookie in session.cookies if "csrftoken" in cookie.name)}


def test_every_link_and_script_of_the_pages_is_found_below_the_path(site: Site) -> None:
    with site.visitor() as session:
        found: set[str] = set()
        for path in ("/", "/results/", "/atlas/", "/api/docs", "/nothing/"):
            page = session.get(site.address + path, timeout=PATIENCE)
            assert page.status_code == (404 if path == "/nothing/" else 200)
            found |= set(LINK.findall(page.text))
        assert len(found) > 20
        root = site.address.removesuffix("/faces")
        for link in found:
            assert link.startswith("/faces/")
            answer = session.get(root + link, timeout=PATIENCE)
            assert answer.status_code == 200, link
            assert not answer.history or "#" in link, link
            for script in IMPORT.findall(answer.text) if link.endswith(".js") else ():
                assert session.get(root + link.rpartition("/")[0] + script[1:], timeout=PATIENCE).status_code == 200


def test_a_photo_is_submitted_seen_and_deleted(site: Site, images: Path) -> None:
    with site.visitor() as session:
        home = session.get(f"{site.address}/", timeout=PATIENCE).url
        with (images / "astronaut.jpg").open("rb") as photo:
            page = session.post(
                home, mark(session), files={"photo": photo}, headers={"Referer": home}, timeout=PATIENCE
            )
        assert page.status_code == 200
        assert page.url.startswith(f"{site.address}/results/")
        assert {(cookie.path, cookie.secure) for cookie in session.cookies} == {("/faces", True)}
        for name in ("photo", "overlay.png", "overlay.svg", "export/json"):
            assert session.get(page.url + name, timeout=PATIENCE).status_code == 200
        deleted = session.post(f"{page.url}delete", mark(session), headers={"Referer": page.url}, timeout=PATIENCE)
        assert deleted.url == f"{site.address}/results/"
        # A slash that is missing is added below the path.
        assert session.get(f"{site.address}/atlas", timeout=PATIENCE).url == f"{site.address}/atlas/"


def test_the_api_and_its_links_work(site: Site, folder: Path, images: Path) -> None:
    token = make_token(folder / "data", "ann")
    with site.visitor() as session:
        session.headers["Authorization"] = f"Bearer {token}"

        def upload(path: str, field: str) -> requests.Response:
            with (images / "astronaut.jpg").open("rb") as photo:
                return session.post(site.address + path, files={field: photo}, timeout=PATIENCE)

        for _ in range(2):
            made = upload("/api/results", "photo")
            assert made.status_code == 201
        result = made.json()
        assert session.get(result["url"], timeout=PATIENCE).json() == result
        assert all(session.get(each, timeout=PATIENCE).status_code == 200 for each in result["exports"].values())
        listed = session.get(f"{site.address}/api/results?limit=1", timeout=PATIENCE)
        assert listed.links["next"]["url"] == listed.json()["next"]
        assert len(session.get(listed.json()["next"], timeout=PATIENCE).json()["results"]) == 1

        address = upload("/api/v1/files/", "file").json()["file_url"]
        assert address.startswith(f"{site.address}/uploads/")
        assert session.get(address, timeout=PATIENCE).headers["Content-Type"] == "image/jpeg"
        found = session.post(f"{site.address}/face/analyze", json={"image_url": address}, timeout=PATIENCE)
        assert len(found.json()["face_shape_set"]) == 1
        specification = session.get(f"{site.address}/api/openapi.json", timeout=PATIENCE).json()
        assert specification["servers"] == [{"url": "/faces"}]
        for path in ("/api/nothing", "/face/analyze"):
            assert session.get(site.address + path, timeout=PATIENCE).json()["error"]["code"]


def test_a_stranger_changes_no_link(sites: dict[str, Site]) -> None:
    site = sites["cut"]
    claims = {
        "X-Forwarded-Prefix": "/evil",
        "X-Script-Name": "/evil",
        "SCRIPT_NAME": "/evil",
        "X-Forwarded-Host": "evil",
    }
    with site.visitor() as session:
        assert "evil" not in session.get(f"{site.address}/", headers=claims, timeout=PATIENCE).text
    # This machine is a trusted proxy, but no proxy sends these names.
    del claims["X-Forwarded-Prefix"]
    direct = {**claims, "X-Forwarded-Proto": "https"}
    assert "evil" not in site.server.get("/", **direct).text
