"""What an address led to instead of a photo: a page, data, or the error of an object store."""

import codecs
import html
import json
import re
from contextlib import suppress
from dataclasses import dataclass

from landmarks.core.errors import AddressInvalid, PhotoUnsupported
from landmarks.core.names import composed
from landmarks.core.text import clean_line
from landmarks.net.addresses import join
from landmarks.net.ssrf_guard import parse_address

PAGE, LOGIN, JSON, XML, STORE = "page", "login", "json", "xml", "store"

READ = 2**18
"""Bytes of a page in which its title and picture are looked for."""
TITLE_LENGTH = 80

HTML_TYPES = ("text/html", "application/xhtml+xml")
HTML_START = re.compile(
    r"\s*(?:<!--.{0,2000}?-->\s*){0,9}<(?:!doctype\s+html|html|head|body|title|meta|script)\b", re.I | re.S
)
XML_START = re.compile(r"\s*<(?:\?xml\b|Error>)", re.I)
HTML_INSIDE = re.compile(r"<html\b", re.I)
CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.I)
TITLE = re.compile(r"<title[^<>]{0,300}>", re.I)
META = re.compile(r"<meta\b([^<>]{1,4000})>", re.I)
ATTRIBUTE = re.compile(r"([a-z:-]{1,20})\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.I)
PASSWORD = re.compile(r"<input\b[^<>]{0,1000}\btype\s*=\s*[\"']?password\b", re.I)
STORE_CODE = re.compile(r"<Error>.{0,4000}?<Code>\s*([A-Za-z0-9._-]{1,60})\s*</Code>", re.S)
MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
PICTURES = ("og:image", "og:image:url", "og:image:secure_url")


@dataclass(frozen=True)
class Found:
    """What a body is; its texts were written by others."""

    kind: str
    title: str = ""
    """Of a page, on one line and visible; shortened."""
    picture: str = ""
    """Address of the picture that a page names as its own (Open Graph)."""
    code: str = ""
    """Of an object store's error."""


def find(body: bytes, content_type: str, address: str) -> Found | None:
    """What a body that is no photo is; None if nothing is known about it."""
    text = _text(body, content_type)
    kind = content_type.partition(";")[0].strip().lower()
    is_xml = bool(XML_START.match(text))
    if HTML_START.match(text) or (kind in HTML_TYPES and "<" in text and not is_xml):
        return _page(text, address)
    if store := STORE_CODE.search(text, 0, 8000):
        return Found(STORE, code=store[1])
    if is_xml:
        return _page(text, address) if HTML_INSIDE.search(text, 0, 4000) else Found(XML)
    return Found(JSON) if _is_json(body, kind) else None


def error(what: Found, host: str) -> PhotoUnsupported:
    """What to say about it; the picture of a page is the parameter `picture`."""
    detail = f"{host}: {what.kind}"
    if what.kind == STORE:
        return PhotoUnsupported("fetch_found_store", store_code=what.code, detail=detail)
    if what.kind == JSON:
        return PhotoUnsupported("fetch_found_json", detail=detail)
    if what.kind == XML:
        return PhotoUnsupported("fetch_found_xml", detail=detail)
    title = what.title or host
    if what.kind == LOGIN:
        return PhotoUnsupported("fetch_found_login", title=title, detail=detail)
    if what.picture:
        return PhotoUnsupported("fetch_found_picture", title=title, picture=what.picture, detail=detail)
    return PhotoUnsupported("fetch_found_page", title=title, detail=detail)


def _page(text: str, address: str) -> Found:
    return Found(LOGIN if PASSWORD.search(text) else PAGE, _title(text), _picture(text, address))


def _title(text: str) -> str:
    """Up to its end, since there are no tags within a title; where the end is missing, up to the next tag."""
    start = TITLE.search(text)
    if not start:
        return ""
    rest = text[start.end() : start.end() + 2000]
    end = rest.lower().find("</title")
    return _line(rest[:end] if end >= 0 else rest.partition("<")[0])


def _picture(text: str, address: str) -> str:
    for meta in META.finditer(text):
        attributes = {name.lower(): html.unescape(a or b or c) for name, a, b, c in ATTRIBUTE.findall(meta[1])}
        if (attributes.get("property") or attributes.get("name") or "").lower() not in PICTURES:
            continue
        reference = attributes.get("content", "").strip()
        with suppress(AddressInvalid):
            if reference:
                return parse_address(join(address, reference)).url
    return ""


def _line(text: str) -> str:
    line = composed(clean_line(html.unescape(text)))
    return line if len(line) <= TITLE_LENGTH else line[: TITLE_LENGTH - 1].rstrip() + "…"


def _text(body: bytes, content_type: str) -> str:
    body = body[:READ]
    for mark, encoding in MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, "replace")
    declared = CHARSET.search(content_type) or CHARSET.search(body[:2048].decode("latin-1"))
    for encoding in (declared[1] if declared else "utf-8", "utf-8"):
        try:
            return body.decode(encoding, "strict" if encoding == "utf-8" and not declared else "replace")
        except (LookupError, ValueError):
            continue  # an encoding that does not exist, or is none of text, or not the one of this body
    return body.decode("cp1252", "replace")


def _is_json(body: bytes, kind: str) -> bool:
    if kind == "application/json" or kind.endswith("+json"):
        return True
    if body.lstrip()[:1] not in (b"{", b"[") or len(body) > READ:
        return False
    try:
        return isinstance(json.loads(body), dict | list)
    except (ValueError, RecursionError):
        return False
