"""PDFs are stored as they came, so what they hold has to be harmless.

One that has small faults is stored as we read it: another program might have read it otherwise.

A PDF can do more than show pages. Judged is what would happen by itself or lead out of the document: scripts,
commands, forms that send themselves, media players, files within the file. An ordinary form to fill in is none of
these, nor is a link that a person may follow. Every object is looked at; the content of streams (pages, pictures)
is never unpacked.
"""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

MAX_PAGES = 5_000
MAX_OBJECTS = 300_000
MAX_VALUES = 3_000_000
"""Values looked at in all objects together: what takes longer is not an ordinary document."""

SCRIPT = "a script"
COMMAND = "a command that opens something outside it"
SENDING = "a button or script that sends or fetches data"
MEDIA = "sound, film or 3D"
FILES = "other files inside it"
XFA = "a form of an older kind (XFA)"

ACTIONS = {
    "/JavaScript": SCRIPT,
    "/Launch": COMMAND,
    "/GoToR": COMMAND,
    "/GoToE": COMMAND,
    "/SubmitForm": SENDING,
    "/ImportData": SENDING,
    "/Rendition": MEDIA,
    "/Movie": MEDIA,
    "/Sound": MEDIA,
    "/RichMediaExecute": MEDIA,
}
"""By the key /S of an action."""

KEYS = {
    "/JavaScript": SCRIPT,
    "/XFA": XFA,
    "/EmbeddedFiles": FILES,
    "/RichMediaContent": MEDIA,
    "/RichMediaSettings": MEDIA,
}
"""A dictionary with one of these, whatever else it is."""

SUBTYPES = {"/RichMedia": MEDIA, "/Screen": MEDIA, "/Movie": MEDIA, "/Sound": MEDIA, "/3D": MEDIA,
            "/FileAttachment": FILES}  # fmt: skip
"""By the key /Subtype of an annotation."""


class Broken(Exception):
    """It cannot be read without guessing, and another program may guess otherwise."""


class Locked(Exception):
    """It opens only with a password."""


class Active(Exception):
    """It holds something that acts; the text says what."""


class TooComplex(Exception):
    """More pages or objects than we look through."""


def inspect(data: bytes) -> bytes:
    """The document, if it is readable and harmless; raises one of the four errors above otherwise."""
    try:
        with pikepdf.open(BytesIO(data), attempt_recovery=False, inherit_page_attributes=False) as document:
            if len(document.objects) > MAX_OBJECTS or len(document.pages) > MAX_PAGES:
                raise TooComplex
            if not len(document.pages):
                raise Broken
            for dictionary in _dictionaries(document):
                if found := _acts(dictionary):
                    raise Active(found)
            return _as_read(document) if document.get_warnings() else data
    except (Broken, Active, TooComplex):
        raise
    except pikepdf.PasswordError:
        raise Locked from None
    except Exception as error:
        raise Broken from error


def _as_read(document: pikepdf.Pdf) -> bytes:
    written = BytesIO()
    document.save(written, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    return written.getvalue()


def _dictionaries(document: pikepdf.Pdf) -> Iterator[Any]:
    """Every dictionary, however deep, each once: also those that no page leads to."""
    seen = 0
    for top in document.objects:
        waiting: list[Any] = [top]
        while waiting:
            value = waiting.pop()
            seen += 1
            if seen > MAX_VALUES:
                raise TooComplex
            if isinstance(value, (Dictionary, Stream)):
                yield value
                children = [value.get(key) for key in value.keys()]  # noqa: SIM118 iterating a stream is an error
            elif isinstance(value, Array):
                children = list(value)
            else:
                continue
            waiting += [child for child in children if isinstance(child, (Array, Dictionary)) and not child.is_indirect]


def _acts(dictionary: Any) -> str:
    """What acts in this dictionary itself, or nothing."""
    keys = set(dictionary.keys())
    for key in keys & KEYS.keys():
        return KEYS[key]
    if "/S" in keys and (found := ACTIONS.get(_name(dictionary.get("/S")))):
        return found
    if "/Subtype" in keys and "/Rect" in keys and (found := SUBTYPES.get(_name(dictionary.get("/Subtype")))):
        return found
    if _name(dictionary.get("/Type")) == "/EmbeddedFile" or _carries_a_file(dictionary.get("/EF")):
        return FILES
    if any(_opens_an_address(action) for action in _by_themselves(dictionary)):
        return COMMAND
    return ""


def _carries_a_file(embedded: Any) -> bool:
    """Whether this is the part of a file specification that holds the file itself."""
    return isinstance(embedded, Dictionary) and bool({"/F", "/UF"} & set(embedded.keys()))


def _by_themselves(dictionary: Any) -> list[Any]:
    """The actions that no click is needed for: on opening the document, or on an event of a page or field."""
    events = dictionary.get("/AA")
    actions = [events.get(key) for key in events.keys()] if isinstance(events, Dictionary) else []  # noqa: SIM118
    return [action for action in [*actions, dictionary.get("/OpenAction")] if isinstance(action, Dictionary)]


def _opens_an_address(action: Any) -> bool:
    """Whether this action, or one that follows it, goes to an address: fine as a link, not by itself."""
    waiting, seen = [action], 0
    while waiting:
        action = waiting.pop()
        seen += 1
        if seen > 1000 or _name(action.get("/S")) == "/URI":
            return True
        following = action.get("/Next")
        several = list(following) if isinstance(following, Array) else [following]
        waiting += [each for each in several if isinstance(each, Dictionary)]
    return False


def _name(value: Any) -> str:
    return str(value) if isinstance(value, Name) else ""
