"""Pictures are never stored as they came: each is decoded and written anew, with nothing in it but what can be seen.

Place, time, camera, comments and hidden data go. The picture is first turned the way its camera says it was held
and its colours are brought to sRGB, so that nobody needs what was left out. Of several frames the main one is kept.
"""

from contextlib import suppress
from io import BytesIO

import pillow_heif
from PIL import Image, ImageCms, ImageOps

MAX_PIXELS = 72_000_000
"""A sheet of A3 scanned at 600 dots an inch has 70 million; the cameras of telephones have about 50 million."""

QUALITIES = (90, 80, 70, 50)
"""JPEG quality: the first, unless the file would be over the limit."""

pillow_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False)
pillow_heif.options.DECODE_THREADS = 1


class Unreadable(Exception):
    """Damaged, cut short, or not a picture."""


class TooManyPixels(Exception):
    """More than we decode."""


def reencode(data: bytes, form: str, *, max_bytes: int) -> tuple[bytes, str]:
    """The picture written anew and the form that it now has: PNG stays PNG if it fits, all others become JPEG.

    ``form`` is PNG, JPEG or HEIF, and only its decoder is tried.
    """
    try:
        with Image.open(BytesIO(data), formats=[form]) as opened:
            if opened.width * opened.height > MAX_PIXELS:
                raise TooManyPixels
            opened.load()
            picture = _upright(opened)
        picture = _in_srgb(picture)
        if form == "PNG" and len(written := _png(picture)) <= max_bytes:
            return written, "PNG"
        return _jpeg(picture, max_bytes), "JPEG"
    except (TooManyPixels, Image.DecompressionBombError):
        raise TooManyPixels from None
    except Exception as error:
        raise Unreadable from error


def _upright(picture: Image.Image) -> Image.Image:
    """Turned as its camera was held; where that note is damaged, as it lies."""
    with suppress(Exception):
        return ImageOps.exif_transpose(picture)
    return picture.copy()


def _in_srgb(picture: Image.Image) -> Image.Image:
    """Without a colour profile, and with no note but which colour is transparent."""
    profile, transparency = picture.info.get("icc_profile"), picture.info.get("transparency")
    if profile and picture.mode in {"RGB", "RGBA", "CMYK"}:
        with suppress(ImageCms.PyCMSError, OSError):
            wanted = "RGBA" if picture.mode == "RGBA" else "RGB"
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            converted = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode=wanted)
            picture = converted or picture
    picture.info = {} if transparency is None else {"transparency": transparency}
    return picture


def _png(picture: Image.Image) -> bytes:
    written = BytesIO()
    picture.save(written, "PNG")
    return written.getvalue()


def _jpeg(picture: Image.Image, max_bytes: int) -> bytes:
    """On white where it was transparent; less sharp rather than over the limit."""
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        paper = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(paper, picture)
    if picture.mode.startswith("I"):
        picture = picture.point(lambda value: value / 256)
    plain = picture.convert("L" if picture.mode in {"1", "L", "I", "I;16"} else "RGB")
    for quality in QUALITIES:
        written = BytesIO()
        plain.save(written, "JPEG", quality=quality)
        if written.tell() <= max_bytes:
            return written.getvalue()
    raise TooManyPixels
