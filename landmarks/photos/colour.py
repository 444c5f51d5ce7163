"""From the pixels of a file to sRGB: eight bits a channel, nothing transparent."""

from io import BytesIO

from PIL import Image, ImageCms


def make_opaque(image: Image.Image) -> Image.Image:
    """The picture in eight bits a channel, on white where it is transparent; mode L, RGB or CMYK."""
    if image.mode == "I;16":
        return image.point(lambda value: value * (255 / 65535) + 0.5).convert("L")
    if image.has_transparency_data:
        is_grey = image.mode in ("1", "L", "LA")
        with_alpha = "LA" if is_grey else "RGBA"
        layer = image if image.mode == with_alpha else image.convert(with_alpha)
        return _on_white(layer, "L" if is_grey else "RGB")
    if image.mode in ("L", "RGB", "CMYK"):
        return image
    return image.convert("L" if image.mode == "1" else "RGB")


def _on_white(layer: Image.Image, mode: str) -> Image.Image:
    white = Image.new(mode, layer.size, "white")
    white.paste(layer, mask=layer.getchannel("A"))
    return white


def convert_to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """The picture as RGB in sRGB; a picture without a usable profile is taken to be in sRGB already."""
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            converted = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
        except (ImageCms.PyCMSError, OSError):
            converted = None
        if converted is not None:
            return converted
    return image if image.mode == "RGB" else image.convert("RGB")
