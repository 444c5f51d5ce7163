"""How uploaded files are kept while a request is read."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BytesIO
from tempfile import TemporaryFile
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from landmarks.core.disk_errors import upload_failure
from landmarks.storage import disk

ARCHIVE = "archive"
"""The field for a file with many photos, which may take all of a request."""


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
        self._file: Any = BytesIO()  # the request closes it
        if not self._is_small:
            disk.check_space()
            with self._reporting():
                self._file = TemporaryFile()  # noqa: SIM115

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        most = settings.MAX_REQUEST_BYTES if self.field_name == ARCHIVE else settings.MAX_UPLOAD_MB * 2**20 + 1
        chunk = raw_data[: most - self._kept]
        with self._reporting():
            self._kept += self._file.write(chunk)

    def file_complete(self, file_size: int) -> UploadedFile:
        with self._reporting():
            self._file.seek(0)  # which also writes what is still buffered
        return UploadedFile(self._file, self.file_name, self.content_type, self._kept, self.charset)

    def upload_interrupted(self) -> None:
        self._file.close()

    @contextmanager
    def _reporting(self) -> Iterator[None]:
        """Raise StorageError where the disk has no room for the file."""
        try:
            yield
        except OSError as exc:
            with suppress(OSError):
                self._file.close()
            raise upload_failure(exc) from exc
