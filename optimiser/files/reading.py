"""A file becomes a task: the problem and the rules that hold. A file that cannot be one says where and why."""

from dataclasses import dataclass
from pathlib import Path

from optimiser.problem import Problem
from optimiser.shapes import Rule

LARGEST = 200 * 1024 * 1024


class BadFile(Exception):
    """The place in the file and the reason, as one line."""

    def __init__(self, place: str, reason: str) -> None:
        self.place, self.reason = place, reason
        super().__init__(" ".join(f"{place}: {reason}".split())[:300])


@dataclass(frozen=True)
class Task:
    problem: Problem
    rules: tuple[Rule, ...]


def read(path: Path) -> Task:
    return from_text(read_text(path))


def from_text(text: str) -> Task:
    """Read either format; what begins with a brace is JSON."""
    from optimiser.files import benchmark, form

    text = text.lstrip("\ufeff")
    if not text.strip():
        raise BadFile("the file", "it is empty")
    return form.read(text) if text.lstrip().startswith("{") else benchmark.read(text)


def read_text(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST:
            raise BadFile(str(path), "the file is too large")
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadFile(str(path), f"not text in UTF-8, see byte {error.start}") from None
    except OSError as error:
        raise BadFile(str(path), error.strerror or "cannot be read") from None
