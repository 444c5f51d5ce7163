"""Archives: written and read back; what is damaged, cut off or made by an enemy is refused."""

import gzip
import io
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from landmarks.storage.archives import ArchiveReader, ArchiveWriter, Manifest
from landmarks.storage.backup_errors import BackupError

PHOTO = "media/photos/1f/1fc0ffee.jpg"
FILES = {"secret_key": b"key\n", "database.sqlite3": b"rows" * 1000, PHOTO: b"pixels" * 500}


def archive(path: Path, content: dict[str, bytes] = FILES, **changes: object) -> Path:
    with path.open("wb") as stream:
        writer = ArchiveWriter(stream, lambda count: None)
        for name, data in content.items():
            writer.add(name, io.BytesIO(data), len(data))
        facts = {
            "format": 1,
            "version": "0.1.0",
            "created": "2026-11-28T12:00:00+00:00",
            "database": "sqlite",
            "migrations": [("landmarks", "0001_initial")],
            "counts": {"result": 1},
            "deleted": [],
            "missing": [],
            "files": writer.files,
        }
        writer.finish(Manifest.model_construct(**{**facts, **changes}))
    return path


def read(path: Path, target: Path) -> tuple[Manifest, bytes]:
    with path.open("rb") as file:
        reader = ArchiveReader(path, file)
        manifest = reader.read_manifest()
        return manifest, reader.extract(manifest, lambda name: target / name, lambda count: None)


def refusal(path: Path, target: Path) -> str:
    """Why it is refused; nothing was written outside of the folder."""
    with pytest.raises(BackupError) as caught:
        read(path, target)
    return caught.value.message_id


def test_what_was_written_is_read(tmp_path: Path) -> None:
    manifest, key = read(archive(tmp_path / "a.tar"), tmp_path / "out")
    assert key == FILES["secret_key"]
    assert manifest.media == ["photos/1f/1fc0ffee.jpg"]
    found = {name: (tmp_path / "out" / name).read_bytes() for name in FILES if name != "secret_key"}
    assert found == {name: content for name, content in FILES.items() if name != "secret_key"}
    assert all(path.stat().st_mode & 0o077 == 0 for path in (tmp_path / "out").rglob("*") if path.is_file())


def test_other_programs_read_it(tmp_path: Path) -> None:
    with tarfile.open(archive(tmp_path / "a.tar")) as tar:
        assert tar.getnames() == [*FILES, "manifest.json"]
        assert {member.mode for member in tar.getmembers()} == {0o600}


def test_a_file_cut_off_anywhere_is_refused(tmp_path: Path) -> None:
    whole = archive(tmp_path / "a.tar").read_bytes()
    end = whole.rindex(b"}") + 1
    for size in (0, 100, 512, 1000, 3000, 7000, end - 300, end - 1):
        (tmp_path / "cut.tar").write_bytes(whole[:size])
        assert refusal(tmp_path / "cut.tar", tmp_path / "out") in ("backup_not_one", "backup_incomplete"), size
    assert not (tmp_path / "out").exists()


def test_a_changed_byte_is_noticed(tmp_path: Path) -> None:
    whole = bytearray(archive(tmp_path / "a.tar").read_bytes())
    whole[whole.index(b"pixels")] ^= 1
    (tmp_path / "a.tar").write_bytes(whole)
    assert refusal(tmp_path / "a.tar", tmp_path / "out") == "backup_damaged"


@pytest.mark.parametrize(
    ("changes", "message_id"),
    [
        ({"files": {}}, "backup_damaged"),
        ({"counts": {"result": -1}}, "backup_damaged"),
        ({"surprise": 1}, "backup_damaged"),
        ({"missing": ["photos/../../secret_key"]}, "backup_damaged"),
        ({"deleted": ["/etc/passwd"]}, "backup_damaged"),
        ({"format": 2, "files": "of another form"}, "backup_format_unknown"),
    ],
)
@pytest.mark.filterwarnings("ignore:Pydantic serializer")
def test_a_manifest_that_does_not_fit_is_refused(tmp_path: Path, changes: dict[str, object], message_id: str) -> None:
    if "surprise" in changes:
        path = archive(tmp_path / "a.tar")
        path.write_bytes(path.read_bytes().replace(b'"version"', b'"surpris"'))
    else:
        path = archive(tmp_path / "a.tar", **changes)
    assert refusal(path, tmp_path / "out") == message_id


@pytest.mark.parametrize("left_out", ["secret_key", "database.sqlite3"])
def test_an_archive_without_database_or_key_is_refused(tmp_path: Path, left_out: str) -> None:
    files = {name: content for name, content in FILES.items() if name != left_out}
    assert refusal(archive(tmp_path / "a.tar", files), tmp_path / "out") == "backup_damaged"


@pytest.mark.parametrize(
    "name",
    [
        "../evil.jpg",
        "/etc/evil",
        "media/../evil.jpg",
        "media/photos/../../../evil.jpg",
        "media/photos/./evil.jpg",
        "media/photos/.hidden",
        "media/photos//evil.jpg",
        "media/uploads/evil.jpg",
        "media/photos/evil.jpg\n",
        "media/photos",
        "static/js/evil.js",
        "database.sqlite3-wal",
        "running.lock",
    ],
)
def test_other_names_are_refused(tmp_path: Path, name: str) -> None:
    assert refusal(archive(tmp_path / "a.tar", {**FILES, name: b"evil"}), tmp_path / "out") == "backup_unsafe"
    assert not (tmp_path / "out").exists()


def symbolic_link(info: tarfile.TarInfo) -> None:
    info.type, info.linkname = tarfile.SYMTYPE, "/etc/passwd"


def hard_link(info: tarfile.TarInfo) -> None:
    info.type, info.linkname = tarfile.LNKTYPE, "secret_key"


def device(info: tarfile.TarInfo) -> None:
    info.type, info.devmajor, info.devminor = tarfile.CHRTYPE, 1, 5


def pipe(info: tarfile.TarInfo) -> None:
    info.type = tarfile.FIFOTYPE


def folder(info: tarfile.TarInfo) -> None:
    info.type = tarfile.DIRTYPE


def sparse(info: tarfile.TarInfo) -> None:
    """A few bytes that pretend to be a terabyte."""
    info.pax_headers = {"GNU.sparse.map": "0,0", "GNU.sparse.size": str(2**40)}


@pytest.mark.parametrize(
    "change", [symbolic_link, hard_link, device, pipe, folder, sparse], ids=lambda each: each.__name__
)
def test_only_plain_files_are_accepted(tmp_path: Path, change: Callable[[tarfile.TarInfo], None]) -> None:
    with tarfile.open(tmp_path / "a.tar", "w", format=tarfile.PAX_FORMAT) as tar:
        info = tarfile.TarInfo(PHOTO)
        change(info)
        tar.addfile(info)
    assert refusal(tmp_path / "a.tar", tmp_path / "out") == "backup_unsafe"
    assert not (tmp_path / "out").exists()


def test_a_name_given_twice_is_refused(tmp_path: Path) -> None:
    with tarfile.open(archive(tmp_path / "a.tar")) as tar:
        members = [(member, content.read()) for member in tar if (content := tar.extractfile(member))]
    with tarfile.open(tmp_path / "b.tar", "w") as tar:
        for member, content in [members[0], *members]:
            tar.addfile(member, io.BytesIO(content))
    assert refusal(tmp_path / "b.tar", tmp_path / "out") == "backup_unsafe"


def test_what_is_no_tar_is_refused(tmp_path: Path) -> None:
    whole = archive(tmp_path / "a.tar").read_bytes()
    for content in (b"", b"no tar at all" * 1000, b"\xff\xd8\xff" * 1000, gzip.compress(whole)):
        (tmp_path / "b.tar").write_bytes(content)
        assert refusal(tmp_path / "b.tar", tmp_path / "out") == "backup_not_one"
