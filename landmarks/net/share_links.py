"""Links to pages that show one file, turned into the address of the file itself."""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class ShareLink:
    """One form of link: how it looks, and the address of its file, in which the groups are filled in."""

    pattern: re.Pattern[str]
    file: str


def link(pattern: str, file: str) -> ShareLink:
    return ShareLink(re.compile(rf"https?://{pattern}"), file)


WIKI = r"(?P<wiki>(?:commons|[a-z-]+)(?:\.m)?\.wiki[mp]edia\.org)"
ID = r"(?P<id>[\w-]{10,})"

# OneDrive is missing: its API for share links needs a token (learn.microsoft.com, "Access shared items"), and its older
# addresses for downloads are not documented.
SHARE_LINKS = (
    # Google Drive: what its API returns as webContentLink of a file.
    link(
        rf"drive\.google\.com/file/(?:u/\d+/)?d/{ID}(?:[/?#].*)?", "https://drive.google.com/uc?export=download&id={id}"
    ),
    link(
        rf"drive\.google\.com/open\?(?:.*&)?id={ID}(?:[&#].*)?", "https://drive.google.com/uc?export=download&id={id}"
    ),
    # Dropbox: help.dropbox.com, "Force a shared link to download or render".
    link(
        r"www\.dropbox\.com/(?P<path>(?:s|scl/fi)/[^?#]+)(?P<before>\?(?:[^#]*&)?)dl=[01](?P<after>&[^#]*)?(?:#.*)?",
        "https://www.dropbox.com/{path}{before}raw=1{after}",
    ),
    link(
        r"www\.dropbox\.com/(?P<path>(?:s|scl/fi)/[^?#]+)(?:\?(?P<query>(?![^#]*\b(?:raw|dl)=)[^#]+))?(?:#.*)?",
        "https://www.dropbox.com/{path}?{query}&raw=1",
    ),
    # GitHub: where the button "Raw" of a file's page leads.
    link(
        r"github\.com/(?P<project>[\w.-]+/[\w.-]+)/blob/(?P<path>[^?#]+)(?:[?#].*)?",
        "https://raw.githubusercontent.com/{project}/{path}",
    ),
    # Wikimedia: mediawiki.org, "Extension:Filepath", in MediaWiki itself since 1.12.
    link(rf"{WIKI}/wiki/(?:File|Image):(?P<name>[^?#]+)(?:[?#].*)?", "https://{wiki}/wiki/Special:FilePath/{name}"),
    link(rf"{WIKI}/wiki/[^?#]*#/media/(?:File|Image):(?P<name>[^?#]+)", "https://{wiki}/wiki/Special:FilePath/{name}"),
    link(
        rf"{WIKI}/w/index\.php\?(?:.*&)?title=(?:File|Image):(?P<name>[^&#]+)(?:[&#].*)?",
        "https://{wiki}/wiki/Special:FilePath/{name}",
    ),
)


def file_address(address: str) -> str:
    """The address of the file behind a share link; any other address as it is."""
    for form in SHARE_LINKS:
        if found := form.pattern.fullmatch(address):
            return form.file.format(**{name: text or "" for name, text in found.groupdict().items()}).replace("?&", "?")
    return address
