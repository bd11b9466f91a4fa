"""An extract: a file of rows about the service, made by the worker.

A file in ``figures/extracts`` defines one subclass: its title, who may have it, what the person chooses, its columns,
and ``rows``. Cells are written so that no spreadsheet takes one for a formula.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any, ClassVar

from foundation import clock, discover
from foundation.csv_cells import Cell, to_csv
from reporting.casework.figures.period import Period


def day(moment: datetime | None) -> str:
    """The date in London, as 2026-03-31; empty for none."""
    return f"{clock.london(moment):%Y-%m-%d}" if moment else ""


class Choices:
    """What the person chose: a period, a kind of deputy, a number of months; those that the extract asks for."""

    def __init__(self, stored: dict[str, Any]) -> None:
        self.stored = stored

    @property
    def period(self) -> Period:
        return Period(date.fromisoformat(self.stored["first"]), date.fromisoformat(self.stored["last"]))

    @property
    def family(self) -> str:
        """lay, pa, prof, or empty for all."""
        return str(self.stored.get("family", ""))

    @property
    def months(self) -> int:
        return int(self.stored["months"])


class Extraction:
    """One kind of extract."""

    key: ClassVar[str]
    title: ClassVar[str]
    about: ClassVar[str]
    verb: ClassVar[str] = "figures.extract"
    asks: ClassVar[tuple[str, ...]] = ()
    """Of "period", "family", "months"."""
    by_default_last_month: ClassVar[bool] = False
    columns: ClassVar[tuple[str, ...]] = ()
    extension: ClassVar[str] = "csv"
    content_type: ClassVar[str] = "text/csv; charset=utf-8"

    def __init__(self, choices: Choices) -> None:
        self.choices = choices

    def rows(self) -> Iterable[Sequence[Cell]]:
        """The rows below the heading, one after the other, so that none need be held."""
        raise NotImplementedError

    def name(self, stamp: str) -> str:
        return f"{self.key}-{stamp}.{self.extension}"

    def encoded(self, rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
        """The bytes of the file, in pieces."""
        yield to_csv([self.columns])
        for row in rows:
            yield to_csv([row]).removeprefix(b"\xef\xbb\xbf")


@cache
def extractions() -> dict[str, type[Extraction]]:
    """Every kind by its key, in order of title."""
    found = discover.classes("reporting.casework.figures.extracts", Extraction)
    return {kind.key: kind for kind in sorted(found, key=lambda kind: kind.title)}
