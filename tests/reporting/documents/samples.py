"""Files made by code: the good, the odd and the dangerous."""

import struct
import zlib
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pikepdf
import pillow_heif
from pikepdf import Array, Dictionary, Name, Pdf, String
from PIL import ExifTags, Image

from reporting.documents.uploads import Upload

SECRET = b"taken at 51.5N by Erika Musterfrau"


def picture(
    form: str = "JPEG", size: tuple[int, int] = (60, 40), colour: Any = "red", mode: str = "RGB", **save: Any
) -> bytes:
    pillow_heif.register_heif_opener()
    written = BytesIO()
    Image.new(mode, size, colour).save(written, form, **save)
    return written.getvalue()


def telling_picture(form: str = "JPEG", orientation: int = 6) -> bytes:
    """A picture whose notes say where it was taken and how the camera was held: red above blue as it lies."""
    pillow_heif.register_heif_opener()
    image = Image.new("RGB", (64, 32), "red")
    image.paste("blue", (0, 16, 64, 32))
    notes = Image.Exif()
    notes[ExifTags.Base.Orientation] = orientation
    notes[ExifTags.Base.ImageDescription] = SECRET.decode()
    written = BytesIO()
    more: dict[str, Any] = {"comment": SECRET} if form == "JPEG" else {}
    image.info["exif"] = notes.tobytes()
    image.save(written, form, exif=notes.tobytes(), **more)
    return written.getvalue()


def upload(name: str, data: bytes, over: str = "") -> Upload:
    """A file as the upload handler leaves it."""
    file = Upload(BytesIO(data), name, size=len(data))
    file.sent_name, file.over = name, over
    return file


def noise(form: str, side: int = 400, **save: Any) -> bytes:
    """A picture that hardly packs."""
    pillow_heif.register_heif_opener()
    written = BytesIO()
    Image.merge("RGB", [Image.effect_noise((side, side), 60) for _ in range(3)]).save(written, form, **save)
    return written.getvalue()


def png_of_chunks(*chunks: tuple[bytes, bytes]) -> bytes:
    """A PNG put together from its parts."""
    packed = [
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)


def png_bomb(width: int = 60_000, height: int = 60_000) -> bytes:
    """A few bytes that unpack to billions of pixels."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return png_of_chunks((b"IHDR", head), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b""))


def pdf(change: Callable[[Pdf], object] | None = None, **save: Any) -> bytes:
    """One blank page, and what ``change`` does to it; most objects packed away in streams."""
    document = pikepdf.new()
    document.add_blank_page()
    if change:
        change(document)
    written = BytesIO()
    document.save(written, **({"object_stream_mode": pikepdf.ObjectStreamMode.generate} | save))
    return written.getvalue()


def field(**more: Any) -> Dictionary:
    """A text field of a form."""
    return Dictionary(Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T=String("name"), Rect=[0, 0, 100, 20], **more)


def put_form(document: Pdf, **more: Any) -> None:
    """An ordinary form to fill in."""
    widget = document.make_indirect(field())
    document.pages[0].Annots = Array([widget])
    document.Root.AcroForm = Dictionary(Fields=Array([widget]), **more)


def put_annotation(document: Pdf, **more: Any) -> None:
    document.pages[0].Annots = Array([document.make_indirect(Dictionary(Type=Name.Annot, Rect=[0, 0, 9, 9], **more))])


def script(text: str = "app.alert(1)") -> Dictionary:
    return Dictionary(S=Name.JavaScript, JS=String(text))


def plain_pdf(*objects: str) -> bytes:
    """A PDF written by hand with these objects after the page."""
    out = BytesIO()
    out.write(b"%PDF-1.5\n")
    page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"
    offsets = []
    for number, text in enumerate(
        ["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>", page, *objects], 1
    ):
        offsets.append(out.tell())
        out.write(f"{number} 0 obj {text} endobj\n".encode())
    table = out.tell()
    out.write(f"xref\n0 {len(offsets) + 1}\n0000000000 65535 f \n".encode())
    for offset in offsets:
        out.write(f"{offset:010d} 00000 n \n".encode())
    out.write(f"trailer <</Root 1 0 R/Size {len(offsets) + 1}>>\nstartxref\n{table}\n%%EOF\n".encode())
    return out.getvalue()
