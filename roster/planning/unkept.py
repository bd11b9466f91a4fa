"""Rules that block and that a run of the optimiser, or a rota, could not keep: where, and what stood in the way."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

FEW = 3
"""So many days in the way are named; of more only how many."""


@dataclass(frozen=True)
class Unkept:
    """One breach, on the last day that it is about. ``because``: what could not be changed."""

    person_id: int
    day: date | None
    sentence: str
    because: str


def because(days: Sequence[date], fixed: Mapping[date, str]) -> str:
    """Which of the days could not be changed, and why, in a sentence."""
    said = [f"{day:%a} {day.day} {day:%b} {fixed[day]}" for day in days if day in fixed]
    if not said:
        return "No shift that may be planned keeps it."
    more = f", and {len(said) - FEW} more days are fixed" if len(said) > FEW else ""
    return f"{'; '.join(said[:FEW])}{more}."


def by_day(found: Iterable[Unkept], names: Mapping[int, str]) -> list[tuple[date | None, list[tuple[str, str, str]]]]:
    """Day by day, people in order of name."""
    listed = sorted(found, key=lambda one: (one.day or date.min, names.get(one.person_id, "")))
    return [
        (day, [(names.get(one.person_id, ""), one.sentence, one.because) for one in some])
        for day, some in groupby(listed, key=lambda one: one.day)
    ]


def of_report(rows: Iterable[Mapping[str, object]]) -> list[Unkept]:
    """As a run keeps them. Those of old runs name no day."""
    return [
        Unkept(int(str(row["person"])), date.fromisoformat(str(row["day"])) if row.get("day") else None,
               str(row["sentence"]), str(row.get("because", "")))
        for row in rows
    ]  # fmt: skip


def days_of(first: date, numbers: Iterable[int]) -> list[date]:
    return [first + timedelta(days=number) for number in numbers]
