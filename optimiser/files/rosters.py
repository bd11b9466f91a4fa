"""Rosters as CSV: a row a person, the id, then a cell a day with the shift's id, empty for a day off."""

import csv
import io
from pathlib import Path

from optimiser.files.reading import BadFile, read_text
from optimiser.problem import Assignment, Problem


def roster_csv(assignment: Assignment) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([person, *line] for person, line in assignment.items())
    return text.getvalue()


def read_roster(path: Path, problem: Problem) -> dict[str, tuple[str, ...]]:
    """A roster of this problem; everybody is in it, once."""
    found: dict[str, tuple[str, ...]] = {}
    text = read_text(path)
    try:
        for number, row in enumerate(csv.reader(text.splitlines()), start=1):
            if row:
                person, *line = (cell.strip() for cell in row)
                _check_row(problem, f"{path}, line {number}", person, line, found)
                found[person] = tuple(line)
    except csv.Error as error:
        raise BadFile(str(path), f"no CSV: {error}") from None
    for person in problem.person:
        if person not in found:
            raise BadFile(str(path), f"{person} is not in the roster")
    return {person: found[person] for person in problem.person}


def _check_row(problem: Problem, place: str, person: str, line: list[str], found: dict[str, tuple[str, ...]]) -> None:
    if person not in problem.person:
        raise BadFile(place, f"there is no person {person[:60]!r}")
    if person in found:
        raise BadFile(place, f"{person} is there twice")
    if len(line) != problem.calendar.days:
        raise BadFile(place, f"{len(line)} days, {problem.calendar.days} are to be planned")
    for shift in line:
        if shift not in problem.by_id:
            raise BadFile(place, f"there is no shift {shift[:60]!r}")
