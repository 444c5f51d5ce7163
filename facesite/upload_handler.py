"""How uploaded files are kept while a request is read."""

from contextlib import suppress
from io import BytesIO
from tempfile import TemporaryFile
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from landmarks.core.errors import StorageError, StorageFull
from landmarks.storage import disk
from landmarks.storage.errors import is_disk_full


class PhotoUploadHandler(FileUploadHandler):
    """Keeps at most one byte more of a file than a photo may have, which is enough to reject it, and drops the rest.

    Files of small requests stay in memory. Others are on disk without a name, so that they are gone with the request,
    even if the process is killed.
    """

    def handle_raw_input(
        self, input_data: Any, META: Any, content_length: int, boundary: Any, encoding: Any = None
    ) -> None:
        self._is_small = content_length <= settings.FILE_UPLOAD_MAX_MEMORY_SIZE

    def new_file(self, *args: Any, **options: Any) -> None:
        super().new_file(*args, **options)
        self._kept = 0
        try:
            disk.check_space()
            self._file: Any = BytesIO() if self._is_small else TemporaryFile()  # noqa: SIM115  the request closes it
        except StorageError as exc:
            self._file = LostFile(exc)
        except OSError as exc:
            self._file = LostFile(_lost(exc))

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        chunk = raw_data[: settings.MAX_UPLOAD_MB * 2**20 + 1 - self._kept]
        try:
            self._kept += self._file.write(chunk)
        except OSError as exc:
            self._lose(exc)

    def file_complete(self, file_size: int) -> UploadedFile:
        try:
            self._file.seek(0)  # which also writes what is still buffered
        except OSError as exc:
            self._lose(exc)
        return UploadedFile(self._file, self.file_name, self.content_type, self._kept, self.charset)

    def upload_interrupted(self) -> None:
        self._file.close()

    def _lose(self, error: OSError) -> None:
        with suppress(OSError):
            self._file.close()
        self._file = LostFile(_lost(error))


def _lost(error: OSError) -> StorageError:
    kind = StorageFull if is_disk_full(error) else StorageError
    return kind("uploads_disk_full", detail=str(error))


class LostFile:
    """Stands for a file that could not be kept: reading it raises StorageError."""

    def __init__(self, error: StorageError) -> None:
        self._error = error

    def write(self, chunk: bytes) -> int:
        return len(chunk)

    def seek(self, offset: int) -> None:
        """There is nothing to seek in."""

    def close(self) -> None:
        """There is nothing to close."""

    def read(self, size: int = -1) -> bytes:
        raise self._error
