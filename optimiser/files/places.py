"""JSON that says in which line something is wrong."""

import json
import re
from collections.abc import Sequence
from json.decoder import scanstring  # type: ignore[attr-defined]  # typeshed leaves it out
from typing import Any

from optimiser.files.reading import BadFile

Path = Sequence[str | int]
SPACE = re.compile(r"[ \t\n\r]*")


def parse(text: str) -> Any:
    try:
        found = json.loads(text, object_pairs_hook=_object, parse_constant=_no_constant)
        if "\\ud" in text.lower():
            json.dumps(found, ensure_ascii=False).encode()
        return found
    except UnicodeEncodeError:
        raise BadFile("the file", "half of a character (\\ud800 to \\udfff) stands alone") from None
    except json.JSONDecodeError as error:
        raise BadFile(f"line {error.lineno}, column {error.colno}", error.msg) from None
    except RecursionError:
        raise BadFile("the file", "lists and objects lie too deep in one another") from None
    except ValueError as error:
        raise BadFile("the file", str(error)) from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"{twice[:40]!r} is there twice in one object")
    return found


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not a number that can be used")


def bad(text: str, path: Path, reason: str) -> BadFile:
    """``line 12, people[3].hours: reason``"""
    where = "".join(f"[{part}]" if isinstance(part, int) else f".{part[:40]}" for part in path).lstrip(".")
    return BadFile(f"line {line_of(text, path)}{', ' if where else ''}{where}", reason)


def line_of(text: str, path: Path) -> int:
    """The line in which the value at that path begins; of its nearest parent where there is none."""
    place = _skip(text, 0)
    for part in path:
        inside = _enter(text, place, part)
        if inside is None:
            break
        place = inside
    return text.count("\n", 0, place) + 1


def _enter(text: str, place: int, part: str | int) -> int | None:
    """Where a member of the object or list at ``place`` begins."""
    is_object = text[place] == "{"
    if text[place] not in "{[" or is_object != isinstance(part, str):
        return None
    place, number = _skip(text, place + 1), 0
    while text[place] not in "}]":
        key: str | int = number
        if is_object:
            key, place = scanstring(text, place + 1)
            place = _skip(text, _skip(text, place) + 1)
        if key == part:
            return place
        _, place = json.JSONDecoder().raw_decode(text, place)
        place, number = _skip(text, place), number + 1
        if text[place] == ",":
            place = _skip(text, place + 1)
    return None


def _skip(text: str, place: int) -> int:
    match = SPACE.match(text, place)
    return match.end() if match else place
