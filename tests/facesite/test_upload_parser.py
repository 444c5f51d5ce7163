"""Forms whose file names are not UTF-8, or odd in another way: no photo is lost."""

from io import BytesIO
from pathlib import Path

import pytest
from django.test import Client

from facesite.upload_parser import ReadableHeads
from landmarks.models import Result
from tests.api.conftest import FILES, RESULTS, MakeToken

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("models_dir")]
BOUNDARY = "x" * 30
CONTENT_TYPE = f"multipart/form-data; boundary={BOUNDARY}"

NAMES = {
    "Latin-1": (b'filename="M\xfcller.jpg"', "Müller.jpg"),
    "Shift_JIS": ('filename="カフェ.jpg"'.encode("cp932"), "カフェ.jpg"),
    "Shift_JIS with a backslash": ('filename="表示ソ.jpg"'.encode("cp932"), "表示ソ.jpg"),
    "GBK": ('filename="全家福.jpg"'.encode("gbk"), "全家福.jpg"),
    "cp850": ('filename="Müller.jpg"'.encode("cp850"), "Müller.jpg"),
    "UTF-8": ('filename="학점.jpg"'.encode(), "학점.jpg"),
    "UTF-8 in parts": ('filename="Mu\u0308ller.jpg"'.encode(), "Müller.jpg"),
    "without quotes": (b"filename=M\xfcller.jpg", "Müller.jpg"),
    "extended UTF-8": (b"filename*=UTF-8''caf%C3%A9.jpg", "café.jpg"),
    "extended Latin-1": (b"filename*=iso-8859-1'en'caf%E9.jpg", "café.jpg"),
    "extended Shift_JIS": (b"filename*=Shift_JIS''%83J%83t%83F.jpg", "カフェ.jpg"),
    "extended GBK": (b"filename*=GBK''%D5%D5%C6%AC.jpg", "照片.jpg"),
    "extended, of another encoding than it says": (b"filename*=UTF-8''caf%E9.jpg", "café.jpg"),
    "extended, of an unknown encoding": (b"filename*=x-unknown''caf%C3%A9.jpg", "café.jpg"),
    "extended without an encoding": (b"filename*=''caf%C3%A9.jpg", "café.jpg"),
    "extended, not encoded at all": (b"filename*=UTF-8''caf\xe9.jpg", "café.jpg"),
    "both": (b"filename=\"caf\xe9.jpg\"; filename*=UTF-8''caf%C3%A9.jpg", "café.jpg"),
    "emoji with joiners": ('filename="👩‍👩‍👧.jpg"'.encode(), "👩‍👩‍👧.jpg"),
    "a flag with tags": ('filename="🏴󠁧󠁢󠁥󠁮󠁧󠁿.jpg"'.encode(), "🏴󠁧󠁢󠁥󠁮󠁧󠁿.jpg"),
    "an invisible name": ('filename="\u200b"'.encode(), "photo"),
    "dots": (b'filename=".."', "photo"),
    "a path of Windows": (b'filename="C:\\\\photos\\\\M\xfcller.jpg"', "Müller.jpg"),
}


def form(field: bytes, disposition: bytes, photo: bytes) -> bytes:
    head = b'Content-Disposition: form-data; name="%s"; %s\r\nContent-Type: image/jpeg' % (field, disposition)
    delimiter = b"--" + BOUNDARY.encode()
    note = b'Content-Disposition: form-data; name="mode"\r\n\r\n1'
    return b"\r\n".join((delimiter, note, delimiter, head, b"", photo, delimiter + b"--", b""))


@pytest.mark.parametrize(("disposition", "name"), NAMES.values(), ids=NAMES)
def test_the_form_keeps_the_photo(disposition: bytes, name: str, client: Client, images: Path) -> None:
    body = form(b"photo", disposition, (images / "obama-240p.jpg").read_bytes())
    assert client.generic("POST", "/", body, CONTENT_TYPE).status_code == 303
    assert (Result.objects.get().name, Result.objects.get().largest_only) == (name, True)


@pytest.mark.parametrize(("disposition", "name"), NAMES.values(), ids=NAMES)
def test_the_api_keeps_the_photo(
    disposition: bytes, name: str, client: Client, images: Path, make_token: MakeToken
) -> None:
    headers = {"Authorization": f"Bearer {make_token()}"}
    photo = (images / "obama-240p.jpg").read_bytes()
    created = client.generic("POST", RESULTS, form(b"photo", disposition, photo), CONTENT_TYPE, headers=headers)
    assert (created.status_code, created.json()["name"]) == (201, name)
    uploaded = client.generic("POST", FILES, form(b"file", disposition, photo), CONTENT_TYPE, headers=headers)
    assert uploaded.status_code == 200


def test_an_empty_file_field_is_no_photo(client: Client) -> None:
    answer = client.generic("POST", "/", form(b"photo", b'filename=""', b""), CONTENT_TYPE)
    assert answer.status_code == 400
    assert not Result.objects.exists()


@pytest.mark.parametrize("size", [1, 3, 17, 64, 10_000])
def test_parts_are_not_touched_however_they_arrive(size: int) -> None:
    photo = bytes(range(256)) * 20 + b"\r\n--" + BOUNDARY.encode()[:-1] + b"\r\n\r\n"
    body = ReadableHeads(BytesIO(form(b"photo", b'filename="M\xfcller.jpg"', photo)), BOUNDARY.encode())
    assert b"".join(iter(lambda: body.read(size), b"")) == form(b"photo", 'filename="Müller.jpg"'.encode(), photo)


def test_a_head_without_an_end_is_given_on() -> None:
    data = b"--" + BOUNDARY.encode() + b"\r\n" + b"a\xfc" * 50_000
    body = ReadableHeads(BytesIO(data), BOUNDARY.encode())
    assert b"".join(iter(lambda: body.read(1000), b"")) == data
