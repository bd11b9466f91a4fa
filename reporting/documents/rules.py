"""Which files a deputy may add to a report, under which name, and what is said of those that cannot be taken.

Pure: from a name and bytes to a verdict. Content and name must say the same; content decides what the file is.
Every sentence names the file, as several may be added at once.
"""

import re
import unicodedata
from dataclasses import dataclass

MAX_NAME = 255
SHOWN_NAME = 60

EXTENSIONS = {"PDF": ("pdf",), "PNG": ("png",), "JPEG": ("jpeg", "jpg", "jfif"), "HEIF": ("heic", "heif")}
"""Names that go with each form; the first is what a file without one gets."""

CONTENT_TYPES = {"PDF": "application/pdf", "PNG": "image/png", "JPEG": "image/jpeg"}
"""Forms that are stored."""

HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"mif2"}

ACCEPTED = "PDF, JPEG, PNG, HEIC or JFIF"


@dataclass(frozen=True)
class Accepted:
    """What is to be stored: the name made safe, and the content, which for a picture is a new one."""

    name: str
    content_type: str
    data: bytes


@dataclass(frozen=True)
class Refused:
    """Why a file is not taken: ``code`` for us, ``message`` for the person who chose it."""

    code: str
    message: str


def check(name: str, data: bytes, *, max_bytes: int = 15_000_000) -> Accepted | Refused:
    """The verdict on one file. Never raises, whatever it is given."""
    if not data:
        return Refused("empty", f"{shown(name)} is empty. Choose a file with something in it")
    if len(data) > max_bytes:
        return too_large(name, max_bytes)
    form = form_of(data)
    if refused := _name_disagrees(name, form) or _name_unusable(name, form):
        return refused
    assert form is not None
    return _pdf(name, data) if form == "PDF" else _picture(name, data, form, max_bytes)


def form_of(data: bytes) -> str | None:
    """What the file is by its first bytes: PDF, PNG, JPEG, HEIF, or nothing that we take."""
    if data[:1024].lstrip(b"\xef\xbb\xbf\t\n\f\r ").startswith(b"%PDF-"):
        return "PDF"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data[4:8] == b"ftyp" and data[8:12] in HEIF_BRANDS:
        return "HEIF"
    return None


def clean_name(name: str, extension: str = "") -> str:
    """The name as it is stored: letters of the English alphabet, digits and ``_``, then one dot and the ending.

    ``extension`` replaces the ending. Without anything left of the name itself, nothing is returned.
    """
    stem, ending = split_name(name)
    stem = re.sub(r"\s", "_", stem.strip())
    stem = unicodedata.normalize("NFKD", stem)
    stem = re.sub(r"[.\-]", "_", re.sub(r"[^A-Za-z0-9_.\-]", "", stem))
    ending = extension or re.sub(r"[^a-z0-9]", "", ending)
    return f"{stem}.{ending}" if stem and ending else stem


def split_name(name: str) -> tuple[str, str]:
    """Base name and ending, which is in small letters and empty if there is none."""
    base = re.split(r"[/\\]", name)[-1]
    stem, dot, ending = base.rpartition(".")
    return (stem, ending.strip().lower()) if dot and re.fullmatch(r"\s*\w{1,10}\s*", ending) else (base, "")


def shown(name: str) -> str:
    """A file name as it stands in a sentence: what can be printed of it, in quotation marks, not too long."""
    plain = "".join(letter for letter in re.split(r"[/\\]", name)[-1] if letter.isprintable()).strip()
    return f"“{plain if len(plain) <= SHOWN_NAME else plain[: SHOWN_NAME - 1] + '…'}”"


def too_large(name: str, max_bytes: int) -> Refused:
    return Refused("size", f"{shown(name)} must be {megabytes(max_bytes)} or smaller")


def already_used(stored_name: str) -> Refused:
    return Refused(
        "used",
        f"A document named {shown(stored_name)} is already on this report."
        " Give your file another name, or remove the document first",
    )


def chosen_twice(stored_name: str) -> Refused:
    return Refused(
        "twice", f"You chose more than one file that would be named {shown(stored_name)}. Rename one of them"
    )


def unchecked(name: str) -> Refused:
    """The examination broke off: it took too long, too much memory, or crashed."""
    return Refused(
        "unchecked", f"{shown(name)} could not be checked. Print or save it to a new PDF and add that instead"
    )


def infected(name: str) -> Refused:
    return Refused("infected", f"{shown(name)} contains a virus. Nothing was added. Do not open or send this file")


def megabytes(size: int) -> str:
    return f"{size / 1_000_000:g}MB"


def _name_disagrees(name: str, form: str | None) -> Refused | None:
    """Where name and content are not of the same form, or the content is none of ours."""
    ending = split_name(name)[1]
    named = next((each for each, endings in EXTENSIONS.items() if ending in endings), None)
    if form is None and named is None:
        return Refused("type", f"{shown(name)} must be a {ACCEPTED} file")
    if form is None:
        return Refused(
            "content", f"{shown(name)} is not a {ending.upper()} file, although its name says so. It may be damaged"
        )
    if ending and named != form:
        right = EXTENSIONS[form][0]
        return Refused(
            "mismatch",
            f"{shown(name)} is really a {right.upper()} file."
            f" Change the end of its name to “.{right}” and add it again",
        )
    return None


def _name_unusable(name: str, form: str | None) -> Refused | None:
    cleaned = clean_name(name, _stored_extension(name, form or "PDF"))
    if not cleaned:
        return Refused("name", f"{shown(name)} needs a name with letters from a to z or numbers in it. Rename the file")
    if len(cleaned) > MAX_NAME:
        return Refused("name_length", f"The name of {shown(name)} must be {MAX_NAME} characters or fewer")
    return None


def _stored_extension(name: str, form: str) -> str:
    """HEIC and JFIF become JPEG; a file without an ending gets the one of its form."""
    ending = split_name(name)[1]
    return "jpeg" if form == "HEIF" or ending == "jfif" else ending or EXTENSIONS[form][0]


# The libraries are large, and only the process that examines a file needs the one for it.


def _pdf(name: str, data: bytes) -> Accepted | Refused:
    from reporting.documents import pdfs

    again = "Open it, print it to a new PDF and add that instead"
    try:
        harmless = pdfs.inspect(data)
    except pdfs.Locked:
        return Refused(
            "locked", f"{shown(name)} is protected by a password. Save a copy without it and add that instead"
        )
    except pdfs.Broken:
        return Refused("broken", f"{shown(name)} is damaged or incomplete. {again}")
    except pdfs.TooComplex:
        return Refused("complex", f"{shown(name)} is too long or too complex. Split it into smaller files")
    except pdfs.Active as found:
        return Refused("active", f"{shown(name)} contains {found}, which we cannot take. {again}")
    return Accepted(clean_name(name, _stored_extension(name, "PDF")), CONTENT_TYPES["PDF"], harmless)


def _picture(name: str, data: bytes, form: str, max_bytes: int) -> Accepted | Refused:
    from reporting.documents import images

    try:
        picture, stored_form = images.reencode(data, form, max_bytes=max_bytes)
    except images.TooManyPixels:
        return Refused("pixels", f"{shown(name)} has too many pixels. Make the picture smaller and add it again")
    except images.Unreadable:
        return Refused(
            "broken", f"{shown(name)} cannot be opened as a picture. It may be damaged: save or scan it again"
        )
    extension = _stored_extension(name, form) if stored_form == form else "jpeg"
    return Accepted(clean_name(name, extension), CONTENT_TYPES[stored_form], picture)
