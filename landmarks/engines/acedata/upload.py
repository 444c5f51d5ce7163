"""Makes a photo available to the API, which takes URLs only: by the photo's own URL, an upload or a temporary link."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from landmarks.core.pixels import Transform
from landmarks.engines.acedata import client_errors
from landmarks.engines.acedata.client import Service
from landmarks.engines.acedata.resize import accepted_size, encode_within_limit, is_acceptable
from landmarks.net.ssrf_guard import MAX_LENGTH
from landmarks.net.transport import Deadline
from landmarks.photos.photo import Photo

UPLOAD = "/api/v1/files/"

Publish = Callable[[bytes], AbstractContextManager[str]]
"""Stores a JPEG and returns a public URL from which it can be fetched until the block ends."""


@dataclass(frozen=True)
class SentPhoto:
    """What the vendor fetches: a URL, and the width and height of the picture there."""

    url: str
    size: tuple[int, int]
    to_photo: Transform
    """From pixels of that picture to pixels of the photo."""


class Uploader:
    """The ways to make a photo available, in order of preference."""

    def __init__(self, platform: Service | None, publish: Publish | None, api: Service) -> None:
        self._platform = platform
        self._publish = publish
        self._api = api

    @contextmanager
    def available(self, photo: Photo, deadline: Deadline) -> Iterator[SentPhoto]:
        """The photo, available within the block; raise HostedError if there is no way, or what `publish` raises."""
        if photo.address and is_acceptable(photo):
            yield _sent(photo.address, photo, (photo.width, photo.height))
            return
        jpeg, size = self._copy(photo)
        if self._platform:
            yield _sent(self._upload(self._platform, jpeg, deadline), photo, size)
        elif self._publish:
            with self._publish(jpeg) as url:
                yield _sent(url, photo, size)

    def _copy(self, photo: Photo) -> tuple[bytes, tuple[int, int]]:
        if not (self._platform or self._publish):
            raise self._api.error(client_errors.UPLOAD_MISSING)
        size = accepted_size(photo.width, photo.height)
        if not size:
            raise self._api.error(client_errors.STRIP)
        return encode_within_limit(photo.image, size)

    def _upload(self, platform: Service, jpeg: bytes, deadline: Deadline) -> str:
        response = platform.post(UPLOAD, deadline, file=jpeg)
        try:
            fields = response.body
        except ValueError as exc:
            raise platform.error(client_errors.NO_FILE_URL, response, str(exc)) from exc
        for key in ("file_url", "url"):
            url = fields.get(key) if isinstance(fields, dict) else None
            if isinstance(url, str) and response.redact(url) == url and _is_web_url(url):
                return url
        raise platform.error(client_errors.NO_FILE_URL, response)


def _sent(url: str, photo: Photo, size: tuple[int, int]) -> SentPhoto:
    return SentPhoto(url, size, Transform.resize(size, (photo.width, photo.height)))


def _is_web_url(text: str) -> bool:
    if len(text) > MAX_LENGTH or not text.isascii() or not text.isprintable():
        return False
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)
