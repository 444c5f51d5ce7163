"""Share links of well-known services lead to the file itself."""

import pytest

from landmarks.net.share_links import file_address

DRIVE = "https://drive.google.com/uc?export=download&id=1AbC-dEf_gHiJkLmNoP"
RAW = "https://raw.githubusercontent.com/ann/photos/main/a%20b/me.jpg"
COMMONS = "https://commons.wikimedia.org/wiki/Special:FilePath/Caf%C3%A9_(1).jpg"

LINKS = {
    "https://drive.google.com/file/d/1AbC-dEf_gHiJkLmNoP/view?usp=sharing": DRIVE,
    "https://drive.google.com/file/d/1AbC-dEf_gHiJkLmNoP/view?usp=drive_link#x": DRIVE,
    "https://drive.google.com/file/d/1AbC-dEf_gHiJkLmNoP/preview": DRIVE,
    "https://drive.google.com/file/d/1AbC-dEf_gHiJkLmNoP": DRIVE,
    "https://drive.google.com/file/u/0/d/1AbC-dEf_gHiJkLmNoP/edit": DRIVE,
    "https://drive.google.com/open?id=1AbC-dEf_gHiJkLmNoP": DRIVE,
    "https://drive.google.com/open?usp=sharing&id=1AbC-dEf_gHiJkLmNoP&x=1": DRIVE,
    "https://www.dropbox.com/s/a1b2c3/me.jpg?dl=0": "https://www.dropbox.com/s/a1b2c3/me.jpg?raw=1",
    "https://www.dropbox.com/s/a1b2c3/me.jpg": "https://www.dropbox.com/s/a1b2c3/me.jpg?raw=1",
    "https://www.dropbox.com/scl/fi/a1/me.jpg?rlkey=b2&dl=0": "https://www.dropbox.com/scl/fi/a1/me.jpg?rlkey=b2&raw=1",
    "https://www.dropbox.com/scl/fi/a1/me.jpg?rlkey=b2": "https://www.dropbox.com/scl/fi/a1/me.jpg?rlkey=b2&raw=1",
    "https://www.dropbox.com/scl/fi/a1/m.jpg?dl=1&rlkey=b": "https://www.dropbox.com/scl/fi/a1/m.jpg?raw=1&rlkey=b",
    "https://github.com/ann/photos/blob/main/a%20b/me.jpg": RAW,
    "https://github.com/ann/photos/blob/main/a%20b/me.jpg?raw=true": RAW,
    "https://github.com/ann/photos/blob/main/a%20b/me.jpg#L1": RAW,
    "https://commons.wikimedia.org/wiki/File:Caf%C3%A9_(1).jpg": COMMONS,
    "https://commons.wikimedia.org/wiki/File:Caf%C3%A9_(1).jpg?uselang=de#mw-jump": COMMONS,
    "https://commons.wikimedia.org/wiki/Image:Caf%C3%A9_(1).jpg": COMMONS,
    "https://commons.wikimedia.org/w/index.php?title=File:Caf%C3%A9_(1).jpg&oldid=1": COMMONS,
    "https://commons.wikimedia.org/wiki/Main_Page#/media/File:Caf%C3%A9_(1).jpg": COMMONS,
    "https://en.wikipedia.org/wiki/File:A.jpg": "https://en.wikipedia.org/wiki/Special:FilePath/A.jpg",
    "https://de.m.wikipedia.org/wiki/Jane#/media/File:A.jpg": "https://de.m.wikipedia.org/wiki/Special:FilePath/A.jpg",
    "http://github.com/ann/photos/blob/main/a%20b/me.jpg": RAW,
}

OTHERS = [
    "https://drive.google.com/drive/folders/1AbC-dEf_gHiJkLmNoP",
    "https://drive.google.com/uc?export=download&id=1AbC-dEf_gHiJkLmNoP",
    "https://www.dropbox.com/s/a1b2c3/me.jpg?raw=1",
    "https://www.dropbox.com/home/me.jpg",
    "https://github.com/ann/photos/raw/main/me.jpg",
    "https://github.com/ann/photos",
    "https://raw.githubusercontent.com/ann/photos/main/me.jpg",
    "https://upload.wikimedia.org/wikipedia/commons/a/ab/A.jpg",
    "https://en.wikipedia.org/wiki/Jane",
    "https://1drv.ms/i/s!Abc",
    "https://onedrive.live.com/?cid=1&id=2",
    "https://evil.example/https://github.com/ann/photos/blob/main/me.jpg",
    "https://github.com.evil.example/ann/photos/blob/main/me.jpg",
    "https://notdrive.google.com/file/d/1AbC-dEf_gHiJkLmNoP/view",
]


@pytest.mark.parametrize(("link", "file"), LINKS.items())
def test_a_share_link_leads_to_its_file(link: str, file: str) -> None:
    assert file_address(link) == file


@pytest.mark.parametrize("address", [*OTHERS, *sorted(set(LINKS.values()))])
def test_other_addresses_stay_as_they_are(address: str) -> None:
    assert file_address(address) == address
