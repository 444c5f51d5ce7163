import logging
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_network
from pathlib import Path
from tempfile import SpooledTemporaryFile
from urllib.parse import quote

import pytest
from django.conf import LazySettings

from landmarks.core.errors import AddressInvalid, Busy, FetchError, PhotoTooLarge
from landmarks.net.fetch import FetchLimits, fetch_photo
from landmarks.net.ssrf_guard import parse_address
from landmarks.runtime import caller, concurrency
from landmarks.services import photos
from tests.clocks import ManualClock
from tests.net.servers import RawServer, head, ok, redirect, running
from tests.patience import PATIENCE
from tests.ports import free_port
from tests.runtime.limits import limit

PHOTO = (Path(__file__).parent.parent / "images" / "obama-240p.jpg").read_bytes()
LOOPBACK = (ip_network("127.0.0.1/32"),)
LIMITS = FetchLimits(max_bytes=1_000_000, seconds=60, allowed_networks=LOOPBACK)
SHORT = FetchLimits(max_bytes=1_000_000, seconds=0.4, allowed_networks=LOOPBACK)


@pytest.fixture
def server() -> Iterator[RawServer]:
    with running(RawServer()) as server:
        yield server


def error_of(address: str, limits: FetchLimits = LIMITS) -> FetchError:
    with pytest.raises(FetchError) as caught:
        fetch_photo(address, limits)
    return caught.value


def test_fetches_a_photo_and_names_it_after_the_path(server: RawServer) -> None:
    address = server.answer("/people/one%20person.jpg?size=2", ok(PHOTO, "Content-Type: text/html"))
    fetched = fetch_photo(address, LIMITS)
    assert fetched.read() == PHOTO
    assert fetched.name == "one person.jpg"


def named(address: str) -> str:
    with fetch_photo(address, LIMITS) as fetched:
        return fetched.name


def test_a_name_has_nothing_that_cannot_be_seen(server: RawServer) -> None:
    address = server.answer("/" + quote("gpj\u202e.exe\n\u200b👩\u200d🚀"), ok(PHOTO))
    assert named(address) == "gpj.exe 👩\u200d🚀"
    assert named(server.answer("/" + quote("\u202e"), ok(PHOTO))) == "127.0.0.1"


def test_names_a_photo_without_a_path_after_its_host(server: RawServer) -> None:
    assert named(server.answer("/", ok(PHOTO))) == "127.0.0.1"


def test_reads_a_chunked_answer(server: RawServer) -> None:
    chunks = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in (PHOTO[:9000], PHOTO[9000:]))
    address = server.answer("/a.jpg", head("200 OK", "Transfer-Encoding: chunked"), chunks + b"0\r\n\r\n")
    assert fetch_photo(address, LIMITS).read() == PHOTO


def test_reads_an_answer_that_declares_no_length(server: RawServer) -> None:
    assert fetch_photo(server.answer("/a.jpg", head("200 OK"), PHOTO), LIMITS).read() == PHOTO


def test_asks_for_nothing_compressed_and_brings_no_cookies(server: RawServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    server.answer("/photo.jpg", ok(PHOTO))
    address = server.answer("/", head("302 Found", "Location: /photo.jpg#top", "Set-Cookie: a=b"))
    fetch_photo(address, LIMITS).read()
    requested = server.requests[1].lower()
    assert requested.startswith("get /photo.jpg http/1.1\r\n")
    assert "accept-encoding: identity\r\n" in requested
    assert "cookie" not in requested
    assert "authorization" not in requested


def test_sends_no_password_from_netrc(server: RawServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login me password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    fetch_photo(server.answer("/a.jpg", ok(PHOTO)), LIMITS).read()
    assert "authorization" not in server.requests[0].lower()


def test_follows_five_redirects_and_no_sixth(server: RawServer) -> None:
    for hop in range(6):
        server.answer(f"/{hop}", redirect(f"/{hop + 1}"))
    server.answer("/6", ok(PHOTO))
    assert fetch_photo(server.url("/1"), LIMITS).read() == PHOTO
    assert error_of(server.url("/0")).message_id == "photo_unreachable"


def test_reaches_no_private_network_by_default(server: RawServer) -> None:
    address = server.answer("/a.jpg", ok(PHOTO))
    assert error_of(address, FetchLimits(max_bytes=1_000_000)).message_id == "photo_unreachable"
    assert server.connections == 0


def test_closed_unknown_and_private_hosts_read_the_same(server: RawServer) -> None:
    silent = error_of(f"http://127.0.0.1:{free_port()}/a.jpg")
    unknown = error_of("http://photos.invalid/a.jpg")
    private = error_of(server.answer("/a.jpg", ok(PHOTO)), FetchLimits(max_bytes=1_000_000))
    assert {(error.message, error.code) for error in (silent, unknown, private)} == {(silent.message, "fetch_failed")}
    assert silent.message_id == "photo_unreachable"


@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.2:{port}/secret",
        "//127.0.0.2:{port}/secret",
        "http://[::1]:{port}/secret",
        "http://2130706434:{port}/secret",
        "http://example.com@127.0.0.1:{port}/secret",
        "\\\\127.0.0.1:{port}\\secret",
        "http://169.254.169.254/latest/meta-data/",
        "file:///etc/passwd",
        "gopher://127.0.0.1:{port}/secret",
        "http://[::1",
        "",
    ],
)
def test_judges_where_a_redirect_leads(server: RawServer, location: str) -> None:
    server.answer("/secret", ok(PHOTO))
    error = error_of(server.answer("/a.jpg", redirect(location.format(port=server.port))), SHORT)
    assert error.message_id == "photo_unreachable"
    assert not isinstance(error, AddressInvalid)
    assert not any("/secret" in request for request in server.requests)


def test_rejects_a_redirect_that_leads_nowhere(server: RawServer) -> None:
    error = error_of(server.answer("/a.jpg", head("302 Found", "Content-Length: 0")), SHORT)
    assert error.message_id == "photo_unreachable"


@pytest.mark.parametrize("status", ["204 No Content", "206 Partial Content", "304 Same", "404 Not Found", "500 Oh"])
def test_reports_the_status_when_it_is_not_200(server: RawServer, status: str) -> None:
    error = error_of(server.answer("/a.jpg", head(status, "Content-Length: 4"), b"nope"))
    assert error.parameters == {"http_status": int(status[:3])}


@pytest.mark.parametrize("status", ["201 Created", "203 Non-Authoritative Information"])
def test_takes_a_photo_with_another_status_of_success(server: RawServer, status: str) -> None:
    answer = head(status, f"Content-Length: {len(PHOTO)}") + PHOTO
    assert fetch_photo(server.answer("/a.jpg", answer), LIMITS).read() == PHOTO


@pytest.mark.parametrize("part", ["bytes 0-{last}/{size}", "bytes 0-{last}/*", "Bytes 0-{last}/{size}"])
def test_takes_a_partial_answer_that_has_the_whole_photo(server: RawServer, part: str) -> None:
    value = part.format(last=len(PHOTO) - 1, size=len(PHOTO))
    answer = head("206 Partial Content", f"Content-Length: {len(PHOTO)}", f"Content-Range: {value}") + PHOTO
    assert fetch_photo(server.answer("/a.jpg", answer), LIMITS).read() == PHOTO


@pytest.mark.parametrize("part", ["bytes 0-99/{size}", "bytes 1-{last}/{size}", "bytes */{size}", "nonsense", ""])
def test_rejects_a_part_of_a_photo(server: RawServer, part: str) -> None:
    value = part.format(last=len(PHOTO) - 1, size=len(PHOTO))
    answer = head("206 Partial Content", "Content-Length: 100", f"Content-Range: {value}") + PHOTO[:100]
    assert error_of(server.answer("/a.jpg", answer)).parameters == {"http_status": 206}


def test_introduces_itself_as_it_is_told(server: RawServer) -> None:
    limits = FetchLimits(1_000_000, 60, LOOPBACK, user_agent="facesite/1.0 (https://photos.example.org)")
    server.answer("/b.jpg", ok(PHOTO))
    fetch_photo(server.answer("/a.jpg", redirect("/b.jpg")), limits).read()
    assert all("\r\nUser-Agent: facesite/1.0 (https://photos.example.org)\r\n" in each for each in server.requests)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/M%FCller.jpg", "Müller.jpg"),
        ("/Mu%CC%88ller.jpg", "Müller.jpg"),
        ("/%83J%83t%83F.jpg", "カフェ.jpg"),
        ("/👩\u200d👩\u200d👧.jpg", "👩\u200d👩\u200d👧.jpg"),
        ("/a%E2%80%AEgpj.exe", "agpj.exe"),
    ],
)
def test_names_a_photo_in_any_encoding(server: RawServer, path: str, name: str) -> None:
    server.answers[parse_address(server.url(path)).target] = lambda: [ok(PHOTO)]
    assert named(server.url(path)) == name


@pytest.mark.parametrize("length", ["1000001", "9" * 5000])
def test_rejects_a_declared_length_over_the_limit_without_reading(server: RawServer, length: str) -> None:
    address = server.answer("/a.jpg", head("200 OK", f"Content-Length: {length}"))
    with pytest.raises(PhotoTooLarge, match=r"limit of 0\.9537 MB"):
        fetch_photo(address, LIMITS)


@pytest.mark.parametrize(
    ("headers", "part"),
    [([], bytes(65536)), (["Transfer-Encoding: chunked"], b"10000\r\n" + bytes(65536) + b"\r\n")],
    ids=["plain", "chunked"],
)
def test_stops_reading_an_endless_body_at_the_limit(server: RawServer, headers: list[str], part: bytes) -> None:
    with pytest.raises(PhotoTooLarge):
        fetch_photo(server.flood("/a.jpg", head("200 OK", *headers), part), LIMITS)


def test_takes_a_file_of_exactly_the_limit(server: RawServer) -> None:
    limits = FetchLimits(max_bytes=len(PHOTO), seconds=60, allowed_networks=LOOPBACK)
    assert fetch_photo(server.answer("/a.jpg", ok(PHOTO)), limits).read() == PHOTO


@pytest.mark.parametrize(
    "answer",
    [
        head("200 OK", f"Content-Length: {2 * len(PHOTO)}") + PHOTO,
        head("200 OK", "Content-Length: 5", "Content-Length: 6") + PHOTO,
        head("200 OK", "Transfer-Encoding: chunked") + b"zzz\r\nabc\r\n",
        head("200 OK", "Transfer-Encoding: chunked") + b"ff\r\ncut",
        head("200 OK", "Transfer-Encoding: chunked") + b"-1\r\nabc\r\n0\r\n\r\n",
        head("200 OK", "Transfer-Encoding: chunked") + b"-5\r\nabc\r\n0\r\n\r\n",
        b"HTTP/1.1 abc\r\n\r\n",
        PHOTO,
        b"",
        b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 1000 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nX-A: " + b"a" * 100_000 + b"\r\n\r\n",
    ],
    ids=[
        "cut",
        "two lengths",
        "bad chunk",
        "cut chunk",
        "a chunk of less than nothing",
        "a chunk of even less",
        "no status",
        "no head",
        "silence",
        "many headers",
        "long header",
    ],
)
def test_rejects_a_broken_answer(server: RawServer, answer: bytes) -> None:
    assert error_of(server.answer("/a.jpg", answer)).message_id == "photo_unreachable"


@pytest.mark.parametrize(
    ("beginning", "part"),
    [
        (head("200 OK", "Content-Length: 900000"), b"x"),
        (head("200 OK"), b"x"),
        (head("200 OK", "Transfer-Encoding: chunked"), b"1\r\nx\r\n"),
        (b"HTTP/1.1 200 OK\r\nX-A: ", b"x"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        (b"", b""),
    ],
    ids=["body", "body without length", "chunks", "header", "continue", "silence"],
)
def test_ends_a_dripping_answer_at_the_deadline(server: RawServer, beginning: bytes, part: bytes) -> None:
    address = server.drip("/a.jpg", beginning, part)
    assert error_of(address, SHORT).message_id == "photo_unreachable"
    assert not server.has_dripped_out


def test_one_deadline_covers_all_redirects(server: RawServer, clock: ManualClock) -> None:
    def slow_hop() -> Iterator[bytes]:
        clock.go_on(6)
        yield redirect("/")

    server.answers["/"] = slow_hop
    limits = FetchLimits(max_bytes=1_000_000, seconds=10, allowed_networks=LOOPBACK, max_redirects=50)
    assert error_of(server.url("/"), limits).message_id == "photo_unreachable"
    assert len(server.requests) == 2


def test_a_lookup_that_does_not_answer_ends_at_the_deadline(server: RawServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: server.is_over.wait(PATIENCE) and [])
    assert "no answer about photos.test" in error_of("http://photos.test/a.jpg", SHORT).detail


@pytest.mark.parametrize("status", ["100 Continue", "103 Early Hints"])
def test_what_comes_before_the_answer_is_not_read_without_end(server: RawServer, status: str) -> None:
    address = server.flood("/a.jpg", b"", f"HTTP/1.1 {status}\r\n\r\n".encode() * 1000)
    error = error_of(address)
    assert error.message_id == "photo_unreachable"
    assert "HTTPException" in error.detail  # not the deadline


@pytest.mark.parametrize("status", ["100 Continue", "102 Processing", "103 Early Hints"])
def test_passes_over_what_comes_before_the_answer(server: RawServer, status: str) -> None:
    before = head(status, "Link: </style.css>; rel=preload")
    assert fetch_photo(server.answer("/a.jpg", before * 3, ok(PHOTO)), LIMITS).read() == PHOTO


def test_a_switch_to_another_protocol_is_no_photo(server: RawServer) -> None:
    assert "status 101" in error_of(server.answer("/a.jpg", head("101 Switching Protocols", "Upgrade: h2c"))).message


def test_a_fetch_beyond_the_limit_is_busy(server: RawServer) -> None:
    slots, arrived, go_on = limit(2, queue=0), threading.Barrier(3), threading.Event()

    def answer() -> Iterator[bytes]:
        arrived.wait(PATIENCE)
        go_on.wait(PATIENCE)
        yield ok(PHOTO)

    server.answers["/a.jpg"] = answer
    with ThreadPoolExecutor(2) as pool:
        fetched = [pool.submit(fetch_photo, server.url("/a.jpg"), LIMITS, slots) for _ in range(2)]
        arrived.wait(PATIENCE)
        for _ in range(2):
            with pytest.raises(Busy):
                fetch_photo(server.url("/a.jpg"), LIMITS, slots)
        go_on.set()
        assert [each.result().read() for each in fetched] == [PHOTO, PHOTO]
    assert fetch_photo(server.answer("/b.jpg", ok(PHOTO)), LIMITS, slots).read() == PHOTO


def test_the_wait_for_a_slot_is_no_part_of_the_time_for_the_fetch(server: RawServer, clock: ManualClock) -> None:
    slots, address = limit(1), server.answer("/a.jpg", ok(PHOTO))
    with ThreadPoolExecutor(1) as pool:
        with slots.slot():
            waiting = pool.submit(fetch_photo, address, LIMITS, slots)
            while not slots.waiting:
                threading.Event().wait(0.001)
            clock.go_on(caller.PATIENCE - caller.LEFT_FOR_DATABASE - 1)
        assert waiting.result(PATIENCE).read() == PHOTO


def test_a_host_that_drips_stops_no_other(server: RawServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two clients send more addresses there than may be fetched at a time, and then one of another host."""
    answer = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", server.port))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answer)
    arrived, go_on = threading.Semaphore(0), threading.Event()
    slots = limit(9, share=3)

    def drip() -> Iterator[bytes]:
        arrived.release()
        go_on.wait(PATIENCE)
        yield ok(PHOTO)

    def fetch(client: str, host: str, path: str) -> bytes:
        with caller.working_for(client):
            return fetch_photo(server.url(path, host), LIMITS, slots).read()

    server.answers["/slow.jpg"] = drip
    server.answer("/quick.jpg", ok(PHOTO))
    with ThreadPoolExecutor(8) as pool:
        slow = [pool.submit(fetch, f"client {number % 2}", "127.0.0.1", "/slow.jpg") for number in range(5)]
        assert all(arrived.acquire(timeout=PATIENCE) for _ in range(3))  # no more: that is the share of the host
        assert fetch("client 0", "photos.test", "/quick.jpg") == PHOTO
        assert not arrived.acquire(blocking=False)
        go_on.set()
        assert [each.result(PATIENCE) for each in slow] == [PHOTO] * 5


def test_a_large_file_waits_on_disk(server: RawServer) -> None:
    small, large = (server.answer(f"/{size}", ok(bytes(size))) for size in (1000, 900_000))
    with fetch_photo(small, LIMITS) as fetched:
        assert isinstance(fetched.file, SpooledTemporaryFile) and not fetched.file._rolled
    with fetch_photo(large, LIMITS) as fetched:
        assert isinstance(fetched.file, SpooledTemporaryFile) and fetched.file._rolled
        assert fetched.read() == bytes(900_000)
    assert fetched.file.closed


def test_lookups_without_an_answer_do_not_pile_up(server: RawServer, monkeypatch: pytest.MonkeyPatch) -> None:
    requested: list[str] = []
    came, over = threading.Semaphore(0), threading.Event()

    def look_up(host: str, *_: object, **__: object) -> list[object]:
        requested.append(host)
        came.release()
        over.wait(PATIENCE)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    monkeypatch.setattr(concurrency, "NAME_LOOKUPS", limit(3))
    hasty = FetchLimits(max_bytes=1000, seconds=0.1)
    details = [error_of(f"http://{number}.test/a.jpg", hasty).detail for number in range(5)]
    assert all(came.acquire(timeout=PATIENCE) for _ in range(3))
    over.set()
    assert sorted(requested) == ["0.test", "1.test", "2.test"]
    assert "too many lookups" in details[4]
    assert error_of("http://9.test/a.jpg").message_id == "photo_unreachable"
    assert requested[-1] == "9.test"


def test_the_log_has_the_host_and_nothing_else_of_the_address(
    server: RawServer, caplog: pytest.LogCaptureFixture, settings: LazySettings
) -> None:
    settings.FETCH_ALLOW_NETWORKS = LOOPBACK
    caplog.set_level(logging.INFO)
    away = server.answer("/jane.jpg?key=secret", head("302 Found", "Location: file:///jane.jpg?key=secret"))
    cut = server.answer("/secret.jpg", head("200 OK", "Content-Length: 5") + b"cut")
    on = server.answer("/on", head("302 Found", "Location: http://jane:secret@127.0.0.1/secret.jpg"))
    other = server.answer("/ssh", b"SSH-2.0-secret" * 4000 + b"\r\n")
    for address in (away, cut, on, other):
        with pytest.raises(FetchError):
            photos.fetch(address)
    with pytest.raises(AddressInvalid):
        photos.fetch("my secret is not to be logged")
    assert len(caplog.messages) == 4
    assert all("127.0.0.1" in message and len(message) < 300 for message in caplog.messages)
    assert "BadStatusLine" in caplog.messages[3]
    assert "secret" not in caplog.text


def test_says_what_is_no_address() -> None:
    with pytest.raises(AddressInvalid, match="isn't an http or https address"):
        fetch_photo("ftp://example.com/a.jpg", LIMITS)
