"""Pictures are written anew: upright, in plain colours, with nothing else in them, and no larger than the limit."""

import struct
import zlib
from io import BytesIO
from typing import Any

import pytest
from PIL import Image, ImageCms, PngImagePlugin

from reporting.documents import images
from tests.reporting.documents import samples

LIMIT = 15_000_000


def written(data: bytes, form: str, limit: int = LIMIT) -> tuple[Image.Image, bytes, str]:
    again, stored = images.reencode(data, form, max_bytes=limit)
    return Image.open(BytesIO(again)), again, stored


@pytest.mark.parametrize("form", ["JPEG", "HEIF", "PNG"])
def test_notes_go_and_the_picture_is_upright(form: str) -> None:
    sent = samples.telling_picture(form)
    assert samples.SECRET in sent
    picture, again, _ = written(sent, form)
    assert samples.SECRET not in again
    assert not picture.getexif()
    assert picture.size == (32, 64)
    right, left = picture.convert("RGB").getpixel((28, 32)), picture.convert("RGB").getpixel((4, 32))
    assert isinstance(right, tuple)
    assert isinstance(left, tuple)
    assert right[0] > 200 > right[2]
    assert left[2] > 200 > left[0]


def test_text_in_a_png_goes() -> None:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", samples.SECRET.decode())
    sent = samples.picture("PNG", pnginfo=notes)
    assert samples.SECRET in sent
    _, again, stored = written(sent, "PNG")
    assert samples.SECRET not in again
    assert stored == "PNG"


def test_what_is_hidden_behind_a_picture_goes() -> None:
    for form in ("PNG", "JPEG"):
        _, again, _ = written(samples.picture(form) + samples.SECRET, form)
        assert samples.SECRET not in again


@pytest.mark.parametrize(
    ("mode", "colour", "kept"),
    [
        ("1", 1, "1"),
        ("L", 90, "L"),
        ("RGBA", (1, 2, 3, 4), "RGBA"),
        ("P", 3, "P"),
        ("I;16", 40_000, "I;16"),
        ("LA", (9, 9), "LA"),
    ],
)
def test_a_png_of_any_mode_stays_what_it_is(mode: str, colour: Any, kept: str) -> None:
    sent = samples.picture("PNG", mode=mode, colour=colour)
    picture, _, stored = written(sent, "PNG")
    assert (stored, picture.mode) == ("PNG", kept)
    assert picture.getpixel((5, 5)) == Image.open(BytesIO(sent)).getpixel((5, 5))


def test_the_transparent_colour_of_a_png_stays() -> None:
    picture, _, _ = written(samples.picture("PNG", mode="P", colour=0, transparency=0), "PNG")
    assert picture.has_transparency_data


def test_colours_of_another_profile_are_converted() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    broken = samples.picture("PNG", icc_profile=profile)
    srgb = samples.picture("PNG", icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    nonsense = samples.picture("PNG", icc_profile=b"no profile")
    for sent in (broken, srgb, nonsense):
        picture, again, _ = written(sent, "PNG")
        assert "icc_profile" not in picture.info
        assert b"iCCP" not in again


def test_printers_colours_become_ordinary_ones() -> None:
    picture, _, _ = written(samples.picture("JPEG", mode="CMYK", colour=(0, 255, 255, 0)), "JPEG")
    assert picture.mode == "RGB"


def test_a_large_png_does_not_grow_over_the_limit() -> None:
    picture, again, stored = written(samples.noise("PNG"), "PNG", limit=100_000)
    assert stored == "JPEG"
    assert len(again) <= 100_000
    assert picture.size == (400, 400)


@pytest.mark.parametrize(("mode", "colour", "seen"), [("RGBA", (0, 0, 0, 0), 255), ("I;16", 65_535, 255), ("L", 0, 0)])
def test_a_png_that_becomes_a_jpeg_looks_the_same(mode: str, colour: Any, seen: int) -> None:
    grown = samples.picture("PNG", mode=mode, colour=colour, size=(2000, 2000))
    picture, _, stored = written_as_jpeg(grown)
    assert stored == "JPEG"
    assert picture.convert("L").getpixel((5, 5)) == seen


def written_as_jpeg(data: bytes) -> tuple[Image.Image, bytes, str]:
    """As if the PNG had come out too large."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(images, "_png", lambda picture: bytes(LIMIT + 1))
        return written(data, "PNG")


def test_a_picture_that_fits_at_no_quality_is_refused() -> None:
    with pytest.raises(images.TooManyPixels):
        images.reencode(samples.noise("JPEG"), "JPEG", max_bytes=1000)


@pytest.mark.parametrize(("width", "height"), [(60_000, 60_000), (12_000, 8_000), (1, 2_000_000_000)])
def test_a_pixel_bomb_is_refused_before_it_is_unpacked(width: int, height: int) -> None:
    with pytest.raises((images.TooManyPixels, images.Unreadable)):
        images.reencode(samples.png_bomb(width, height), "PNG", max_bytes=LIMIT)


def test_a_text_bomb_in_a_png_is_refused() -> None:
    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    bomb = b"k\0\0" + zlib.compress(bytes(80_000_000))
    chunks = [(b"IHDR", head), (b"zTXt", bomb), (b"IDAT", zlib.compress(b"\0\0")), (b"IEND", b"")]
    with pytest.raises(images.Unreadable):
        images.reencode(samples.png_of_chunks(*chunks), "PNG", max_bytes=LIMIT)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "HEIF"])
def test_a_picture_cut_short_is_refused(form: str) -> None:
    with pytest.raises(images.Unreadable):
        images.reencode(samples.noise(form)[:-2000], form, max_bytes=LIMIT)


def test_of_a_moving_picture_the_first_frame_is_kept() -> None:
    moving = BytesIO()
    frames = [Image.new("RGB", (10, 10), colour) for colour in ("green", "red", "blue")]
    frames[0].save(moving, "PNG", save_all=True, append_images=frames[1:])
    picture, again, _ = written(moving.getvalue(), "PNG")
    assert getattr(picture, "n_frames", 1) == 1
    assert picture.convert("RGB").getpixel((5, 5)) == (0, 128, 0)
    assert b"acTL" not in again


def test_only_the_decoder_of_its_form_is_tried() -> None:
    with pytest.raises(images.Unreadable):
        images.reencode(samples.picture("GIF"), "PNG", max_bytes=LIMIT)
