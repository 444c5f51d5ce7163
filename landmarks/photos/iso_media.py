"""AVIF and HEIC files, which name their format among several brands (ISO/IEC 14496-12, 4.3)."""

import re

# Those of AVIF are in AV1 Image File Format, chapters 6 and 8; those of HEIC in HEIF (ISO/IEC 23008-12, annex B) and
# MIAF (ISO/IEC 23000-22, annex A).
AVIF_BRANDS = frozenset((b"avif", b"avis", b"avio", b"MA1A", b"MA1B"))
HEIC_BRANDS = frozenset(
    (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"MiHA", b"MiHB", b"MiHE")
)
PICTURE_BRANDS = frozenset((b"mif1", b"mif2", b"mif3", b"msf1", b"miaf", b"MiPr", b"MiAn", b"1pic"))
"""They only say that the file is a picture, in any coding."""

AVIF, HEIF = "AVIF", "HEIF"
"""As Pillow names the formats."""
KNOWN_BRANDS = {AVIF: (b"avif", b"avis"), HEIF: (*sorted(HEIC_BRANDS - {b"MiHA", b"MiHB", b"MiHE"}),)}
"""The brands by which their readers know files; those of still pictures first."""

MAX_BRANDS = 1024
"""Bytes of the list that are read."""
ITEMS = 2**16
"""Bytes at the beginning of a file in which its list of pictures is looked for."""
AV1_ITEM = re.compile(rb"infe.{8}av01", re.DOTALL)
"""The entry of a picture in that list, with its coding (HEIF, 9.3)."""


def format_name(data: bytes) -> str:
    """AVIF or HEIF by the first brand that tells, the major one before the compatible ones; empty for other files.

    A file with brands of pictures in any coding only is named by what its list of pictures says.
    """
    brands = _brands(data)
    for brand in brands:
        if brand in AVIF_BRANDS:
            return AVIF
        if brand in HEIC_BRANDS:
            return HEIF
    if PICTURE_BRANDS.isdisjoint(brands):
        return ""
    return AVIF if AV1_ITEM.search(data, 0, ITEMS) else HEIF


def brand_pattern(name: str) -> str:
    """How files of a format begin: any of their brands, or of pictures in any coding, in the list of brands."""
    brands = {AVIF: AVIF_BRANDS, HEIF: HEIC_BRANDS}[name] | PICTURE_BRANDS
    return rf"....ftyp(?:....)*?(?:{'|'.join(sorted(brand.decode() for brand in brands))})"


def with_known_brand(data: bytes) -> bytes:
    """The file with a major brand by which its reader knows it, if it is a picture of these formats."""
    known = KNOWN_BRANDS.get(format_name(data))
    if not known or data[8:12] in known:
        return data
    brands = _brands(data)
    brand = next((each for each in known if each in brands), known[0])
    # libheif looks at the compatible brands as well; the first one is replaced if none of them says more.
    compatible = brand if brand not in brands and len(brands) > 1 else data[16:20]
    return data[:8] + brand + data[12:16] + compatible + data[20:]


def _brands(data: bytes) -> list[bytes]:
    """The major brand, then the compatible ones, of the file type box that such files begin with."""
    if data[4:8] != b"ftyp":
        return []
    size = min(int.from_bytes(data[:4]) or MAX_BRANDS, MAX_BRANDS, len(data))
    return [data[8:12], *(data[start : start + 4] for start in range(16, size - 3, 4))]
