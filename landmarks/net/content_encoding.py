"""Bodies that were compressed although nothing compressed was asked for, or that claim to be."""

import zlib
from collections.abc import Callable

from landmarks.core.errors import FetchError, PhotoTooLarge

CODINGS = frozenset(
    ("gzip", "x-gzip", "deflate", "compress", "x-compress", "br", "zstd")
    + ("dcb", "dcz", "exi", "pack200-gzip", "aes128gcm")
)
"""The codings that IANA has registered, without identity; other values are mistakes of servers, and say nothing."""
MAX_MEMBERS = 64
"""Of a gzip file; programs write one, and a file may consist of a million empty ones."""
GZIP, ZLIB, RAW = 31, 15, -15
"""Formats of zlib's decompressobj."""


def codings(header: str) -> list[str]:
    """The codings of a Content-Encoding header, in the order in which they were applied."""
    return [name for name in (part.strip().lower() for part in header.split(",")) if name in CODINGS]


def decoded(body: bytes, header: str, max_bytes: int) -> bytes:
    """The body as it was before it was coded.

    Raises PhotoTooLarge where more than `max_bytes` would come out, FetchError for a coding that can't be decoded.
    """
    for name in reversed(codings(header)):
        decoder = DECODERS.get(name)
        if decoder is None:
            raise FetchError("fetch_compressed", coding=name)
        try:
            body = decoder(body, max_bytes)
        except zlib.error as exc:
            raise FetchError("fetch_miscoded", coding=name) from exc
        if len(body) > max_bytes:
            raise PhotoTooLarge("fetch_too_large", max_bytes=max_bytes)
    return body


def _gunzipped(body: bytes, max_bytes: int) -> bytes:
    """All members of a gzip file, up to one byte more than allowed; what follows them is ignored."""
    parts: list[bytes] = []
    size = 0
    while size <= max_bytes and (body.startswith(b"\x1f\x8b") or not parts) and len(parts) < MAX_MEMBERS:
        unpacker = zlib.decompressobj(GZIP)
        parts.append(unpacker.decompress(body, max_bytes + 1 - size))
        size += len(parts[-1])
        body = unpacker.unused_data
        if not unpacker.eof and size <= max_bytes:
            raise zlib.error("the body breaks off")
    return b"".join(parts)


def _inflated(body: bytes, max_bytes: int) -> bytes:
    """Some servers leave out the zlib header, and browsers accept both."""
    kind = ZLIB if body[:1] and body[0] & 15 == 8 and int.from_bytes(body[:2]) % 31 == 0 else RAW
    unpacker = zlib.decompressobj(kind)
    unpacked = unpacker.decompress(body, max_bytes + 1)
    if not unpacker.eof and len(unpacked) <= max_bytes:
        raise zlib.error("the body breaks off")
    return unpacked


DECODERS: dict[str, Callable[[bytes, int], bytes]] = {"gzip": _gunzipped, "x-gzip": _gunzipped, "deflate": _inflated}
