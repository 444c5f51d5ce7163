"""HEIC, the format of iPhones, which Pillow reads if the optional package pillow-heif is installed."""

from importlib.util import find_spec

PACKAGE = "pillow-heif"


def is_installed() -> bool:
    return find_spec("pillow_heif") is not None


def register() -> None:
    """Make the format known to Pillow. The reader applies the orientation itself and reports it as applied."""
    import pillow_heif

    pillow_heif.register_heif_opener(thumbnails=False, decode_threads=2)
