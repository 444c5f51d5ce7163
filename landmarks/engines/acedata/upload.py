"""The way of a photo to the API, which takes addresses only: its own, or that of a copy made to fit."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from landmarks.engines.acedata import client_errors
from landmarks.engines.acedata.client import Service
from landmarks.engines.acedata.resize import Frame, fit, fits_as_it_is, fitted_size
from landmarks.net.ssrf_guard import MAX_LENGTH
from landmarks.net.transport import Deadline
from landmarks.photos.photo import Photo

UPLOAD = "/api/v1/files/"

Publish = Callable[[bytes], AbstractContextManager[str]]
"""Stores a JPEG and gives a public address under which it can be fetched until the block ends."""


@dataclass(frozen=True)
class Given:
    """What the vendor is given: an address, and the size of the picture there."""

    address: str
    frame: Frame


class Handover:
    """Ways by which a photo may go, the best one first."""

    def __init__(self, platform: Service | None, publish: Publish | None, api: Service) -> None:
        self._platform = platform
        self._publish = publish
        self._api = api

    @contextmanager
    def hand_over(self, photo: Photo, deadline: Deadline) -> Iterator[Given]:
        """An address that holds within the block; raise HostedError where there is none."""
        if photo.address and fits_as_it_is(photo):
            yield Given(photo.address, _frame(photo, (photo.width, photo.height)))
            return
        jpeg, frame = self._copy(photo)
        if self._platform:
            yield Given(self._upload(self._platform, jpeg, deadline), frame)
        elif self._publish:
            with self._publish(jpeg) as address:
                yield Given(address, frame)

    def _copy(self, photo: Photo) -> tuple[bytes, Frame]:
        if not (self._platform or self._publish):
            raise self._api.error(client_errors.HANDOVER_MISSING)
        size = fitted_size(photo.width, photo.height)
        if not size:
            raise self._api.error(client_errors.STRIP)
        jpeg, size = fit(photo.image, size)
        return jpeg, _frame(photo, size)

    def _upload(self, platform: Service, jpeg: bytes, deadline: Deadline) -> str:
        reply = platform.post(UPLOAD, deadline, file=jpeg)
        try:
            fields = reply.body
        except ValueError as exc:
            raise platform.error(client_errors.NO_FILE_ADDRESS, reply, str(exc)) from exc
        for key in ("file_url", "url"):
            address = fields.get(key) if isinstance(fields, dict) else None
            if isinstance(address, str) and reply.redact(address) == address and _is_address(address):
                return address
        raise platform.error(client_errors.NO_FILE_ADDRESS, reply)


def _is_address(text: str) -> bool:
    if len(text) > MAX_LENGTH or not text.isascii() or not text.isprintable():
        return False
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def _frame(photo: Photo, size: tuple[int, int]) -> Frame:
    return Frame(*size, photo.width, photo.height)
