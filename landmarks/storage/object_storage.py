"""The storage in an S3-compatible bucket: private, and with errors and waits like those of a disk.

django-storages does the work. What is changed here is what the rest of the site relies on: a file that was opened has
been read, so that nothing fails while it is served, and whatever goes wrong is an OSError.
"""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from functools import wraps
from tempfile import SpooledTemporaryFile
from typing import Any, ParamSpec, TypeVar

from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import File
from storages.backends.s3 import S3Storage

IN_MEMORY = 2**20
"""Bytes of a file that is being read; a larger one is on disk meanwhile."""
CONNECT_SECONDS, READ_SECONDS, TRIES = 3, 10, 2
LINK_SECONDS = 120
"""For which a signed address is valid. The site itself gives none away: it passes files through."""
MISSING = ("NoSuchKey", "404")
"""Codes for a file that is not there; an answer without a body has the status only. NoSuchBucket is none of them."""

P = ParamSpec("P")
R = TypeVar("R")


class ObjectStorageError(OSError):
    """The bucket does not answer, or refuses; the message is its own code, and names no file."""


@contextmanager
def as_os_errors() -> Iterator[None]:
    try:
        yield
    except ClientError as exc:
        code = str(exc.response.get("Error", {}).get("Code", "-"))
        if code in MISSING:
            raise FileNotFoundError("The bucket has no such file.") from exc
        raise ObjectStorageError(f"the bucket answered {code}") from exc
    except (BotoCoreError, Boto3Error) as exc:
        raise ObjectStorageError(f"the bucket cannot be reached ({type(exc).__name__})") from exc


def translated(method: Callable[P, R]) -> Callable[P, R]:
    @wraps(method)
    def call(*args: P.args, **options: P.kwargs) -> R:
        with as_os_errors():
            return method(*args, **options)

    return call


class ObjectStorage(S3Storage):  # type: ignore[misc]
    def __init__(self, **options: Any) -> None:
        options |= {
            "client_config": Config(
                connect_timeout=CONNECT_SECONDS,
                read_timeout=READ_SECONDS,
                retries={"total_max_attempts": TRIES, "mode": "standard"},
                s3={"addressing_style": "path" if options.get("endpoint_url") else "auto"},
                signature_version="s3v4",
                # Not every store that speaks S3 knows the newer checksums. TLS and the signature protect what is sent.
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
            "transfer_config": TransferConfig(use_threads=False),
            "default_acl": None,
            # Names are never used twice, so nobody needs to look first.
            "file_overwrite": True,
            "querystring_expire": LINK_SECONDS,
        }
        super().__init__(**options)

    @translated
    def _open(self, name: str, mode: str = "rb") -> "File[bytes]":
        content = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115  closed with the File
        try:
            answer = self.connection.meta.client.get_object(Bucket=self.bucket_name, Key=self._normalize_name(name))
            with closing(answer["Body"]) as body:
                for chunk in body.iter_chunks(2**16):
                    content.write(chunk)
        except BaseException:
            content.close()
            raise
        content.seek(0)
        return File(content, name)

    _save = translated(S3Storage._save)
    delete = translated(S3Storage.delete)
    exists = translated(S3Storage.exists)
    listdir = translated(S3Storage.listdir)
    size = translated(S3Storage.size)

    @translated
    def get_modified_time(self, name: str) -> datetime:
        moment: datetime = super().get_modified_time(name)
        return moment
