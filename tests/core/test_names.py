"""Names of any encoding, and in any form."""

import pytest

from landmarks.core.names import composed, decode_name

NAMES = {
    "utf-8": ["Müller.jpg", "カフェ.jpg", "학점.jpg", "Việt.jpg", "👩‍👩‍👧.jpg", "plain.jpg"],
    "latin-1": ["Müller.jpg", "café.jpg", "Größe Ångström.jpg", "ÄÖÜ.jpg"],
    "cp850": ["Müller.jpg", "café.jpg", "Größe.jpg"],
    "cp932": ["カフェ.jpg", "写真.jpg", "表示ソ.jpg", "家族の写真 2024.jpg"],
    "gbk": ["照片.jpg", "全家福 2024.jpg", "微信图片_2024.jpg"],
    "big5": ["測試圖片.png"],
}


@pytest.mark.parametrize(("encoding", "name"), [(encoding, name) for encoding in NAMES for name in NAMES[encoding]])
def test_a_name_is_recognised_in_its_encoding(encoding: str, name: str) -> None:
    assert decode_name(name.encode(encoding)) == name


def test_any_bytes_are_some_name() -> None:
    for first in range(256):
        assert decode_name(bytes((first, 0x81, 0xFF, first)))


def test_parts_become_one_character() -> None:
    assert composed("Mu\u0308ller") == "Müller"
    assert composed("plain") == "plain"
