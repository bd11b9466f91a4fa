"""The sheet as tables of words: the one source of screen, print, PDF, CSV and frozen issues (R-064).

What hangs on a wall never says why somebody is away; where there are few, numbers by cause would.
"""

from collections.abc import Callable, Container, Iterable
from dataclasses import asdict, dataclass, field, replace
from itertools import groupby
from typing import Any

from roster.activities.queries import ABSENT
from roster.day.sheet import Away, Line, Sheet, Station, Worker
from roster.demand.supply import Stretch

SCREENS = {"post": "By post", "person": "By person", "unit": "By unit"}


@dataclass(frozen=True)
class Row:
    """One line of a table. ``person``: whom the screen links, on the day (ISO) of that shift, if it is another's."""

    cells: tuple[str, ...]
    person: int | None = None
    short: bool = False
    on: str = ""


@dataclass(frozen=True)
class Table:
    title: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...] = ()
    note: str = ""
    """What the place needs, and what is missing, in a sentence."""
    short: bool = False
    key: str = ""

    @property
    def empty(self) -> str:
        """What stands in place of rows where there are none."""
        return "People at other posts are enough for this." if self.note and not self.short else "Nobody is there."


@dataclass(frozen=True)
class Page:
    """The whole sheet. ``facts``: its head, as label and text."""

    title: str
    establishment: str
    day: str
    screen: str
    facts: tuple[tuple[str, str], ...]
    tables: tuple[Table, ...] = field(default=())

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @staticmethod
    def from_json(data: dict[str, Any]) -> "Page":
        tables = tuple(
            Table(**(each | {"columns": tuple(each["columns"]), "rows": tuple(_row(row) for row in each["rows"])}))
            for each in data["tables"]
        )
        return Page(**(data | {"facts": tuple((label, text) for label, text in data["facts"]), "tables": tables}))


def _row(data: dict[str, Any]) -> Row:
    return Row(tuple(data["cells"]), data["person"], data["short"], data.get("on", ""))


Screen = Callable[[Sheet, Container[int]], list[Table]]


def page(sheet: Sheet, screen: str, *, known: Container[int] = (), wall: bool = True) -> Page:
    """``known``: of whom the reader may know why they are away. On a wall not even the numbers by cause stand."""
    day = f"{sheet.day:%A} {sheet.day.day} {sheet.day:%B %Y}"
    make: dict[str, Screen] = {"post": by_post, "person": by_person, "unit": by_unit}
    title = f"Detail sheet, {SCREENS[screen].lower()}"
    tables = tuple(make[screen](sheet, known))
    return Page(title, sheet.establishment.name, day, screen, tuple(facts(sheet, wall)), tables)


def facts(sheet: Sheet, wall: bool) -> list[tuple[str, str]]:
    """The head of the sheet (staff-roster 9.1); the telephone numbers of it hang on no wall."""
    here, elsewhere = sheet.detached()
    found = [
        ("Kind of day", sheet.kind_of_day), ("Orderly Officer", _in_charge(sheet.orderly)),
        ("Night manager", _in_charge(sheet.night_managers)), *_on_call(sheet, wall),
    ]  # fmt: skip
    regimes = (
        f"{half.label}: {level}{'' if confirmed else ' (proposed)'}" for half, level, confirmed in sheet.regime()
    )
    found.append(("Regime", "; ".join(regimes)))
    for name, stretches in groupby(sheet.alongside, key=lambda one: one[0]):
        least = min((one for _, one in stretches), key=lambda one: one.have - one.numbers[2])
        found.append((name, f"{least.have} at the fewest, from {_times(least)}; {least.numbers[2]} needed"))
    asked = sheet.alongside_skills
    found += [
        (name, f"{sheet.on_duty_with(code)} on duty today") for code, name in COUNTED.items() if code not in asked
    ]
    found.append(("Cases", "; ".join(f"{c.get_kind_display()}: {c.name}" for c in sheet.cases.values()) or "None"))
    counted = sheet.absent_by_cause()
    absent = "; ".join(f"{cause} {number}" for cause, number in counted)
    if wall and counted:
        absent = f"{sum(number for _, number in counted)}"
    found.append(("Away", absent or "Nobody"))
    found.append(("Detached here", "; ".join(map(_named, here)) or "Nobody"))
    found.append(("Detached elsewhere", "; ".join(map(_named, elsewhere)) or "Nobody"))
    found.append(("People missing, by hour", _by_hour(sheet.short_by_hour())))
    return found


COUNTED = {"FA": "First aiders", "CR": "C&R trained"}
"""Skills that are counted where no demand asks for them either."""
ALWAYS = ("Duty governor on call", "Negotiator on call")
"""Lists of who is on call that are named with nobody on them too."""


def _in_charge(lines: list[Line]) -> str:
    return "; ".join(f"{_named(line.worker)}, {line.times}" for line in lines) or "Nobody"


def _on_call(sheet: Sheet, wall: bool) -> Iterable[tuple[str, str]]:
    listed = {name: list(rows) for name, rows in groupby(sheet.on_call, key=lambda one: one[0])}
    for name in dict.fromkeys((*ALWAYS, *listed)):
        said = (
            f"{_named(worker)}, {times}{f', {worker.telephone}' if worker.mobile and not wall else ''}"
            for _, worker, times in listed.get(name, [])
        )
        yield name, "; ".join(said) or "Nobody"


def _by_hour(numbers: list[int]) -> str:
    """07:00 to 09:00: 2; and so on. Hours with the same number are one."""
    said, start = [], 0
    for number, group in groupby(numbers):
        end = start + len(list(group))
        if number:
            said.append(f"{start:02d}:00 to {end:02d}:00: {number}")
        start = end
    return "; ".join(said) or "Nobody"


def _named(worker: Worker) -> str:
    return f"{worker.name} ({worker.grade})" if worker.grade else worker.name


def _times(one: Stretch) -> str:
    def clock(seconds: int) -> str:
        return "24:00" if seconds == 86400 else f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}"

    return f"{clock(one.start)} to {clock(one.end)}"


POST_COLUMNS = ("Name", "Grade and band", "Skills", "Times", "Break", "Duty", "Moved from", "Remarks")


def by_post(sheet: Sheet, known: Container[int]) -> list[Table]:
    found = [
        Table(
            f"{each.name}, {each.where}" if each.where else each.name, POST_COLUMNS, tuple(map(_line, each.lines)),
            need(each), bool(each.short), each.key,
        )
        for each in sheet.stations
    ]  # fmt: skip
    return [*found, *_absences(sheet, known)]


def _line(line: Line) -> Row:
    return Row(cells(line), line.worker.pk, on=_other_day(line))


def _other_day(line: Line) -> str:
    return "" if line.on == line.day else line.on.isoformat()


def cells(line: Line) -> tuple[str, ...]:
    """A line below ``POST_COLUMNS``."""
    worker = line.worker
    return (
        worker.name, worker.graded, " ".join(worker.marks), line.times, line.break_times, line.duty, line.came_from,
        line.remark,
    )  # fmt: skip


def need(station: Station) -> str:
    """What a place needs by time, with the gap where there is one. Times with the same numbers are said together."""
    wanted: dict[tuple[str, int, int], list[Stretch]] = {}
    for one, name in sorted(station.stretches, key=lambda pair: (pair[0].start, pair[1])):
        times = wanted.setdefault((name, one.numbers[2], one.gap), [])
        if times and times[-1].end == one.start:
            times[-1] = replace(times[-1], end=one.end)
        else:
            times.append(one)
    said = []
    for (name, needed, gap), times in wanted.items():
        words = "" if name == station.name else f"{name} "
        short = f", {gap} short" if gap else ""
        said.append(f"{words}{', '.join(map(_times, times))}: {needed} needed{short}")
    return "; ".join(said)


PERSON_COLUMNS = (*POST_COLUMNS[:3], "Unit", "Where", *POST_COLUMNS[3:])


def by_person(sheet: Sheet, known: Container[int]) -> list[Table]:
    """Everybody of the establishment, in order of name."""
    places = {each.key: each.name for each in sheet.stations}
    rows = [_of_person(sheet, line, places[line.station]) for line in sheet.lines]
    rows += [_gone(sheet, each, known) for each in sheet.away]
    rows += [_plain(sheet, worker, "Not rostered") for worker in sheet.at_rest()]
    rows.sort(key=lambda row: row.cells[0])  # of one person, lines stay in order of time
    return [Table("Everybody", PERSON_COLUMNS, tuple(rows))]


def _unit(sheet: Sheet, pk: int) -> str:
    return sheet.units[pk].name if pk in sheet.units else ""


def _of_person(sheet: Sheet, line: Line, place: str) -> Row:
    worker = line.worker
    cells = (
        worker.name, worker.graded, " ".join(worker.marks), _unit(sheet, line.unit), place, line.times,
        line.break_times, line.duty, line.came_from, line.remark,
    )  # fmt: skip
    return Row(cells, worker.pk, on=_other_day(line))


def _gone(sheet: Sheet, each: Away, known: Container[int]) -> Row:
    return _plain(sheet, each.worker, _why(each, known), each.shift)


def _why(each: Away, known: Container[int]) -> str:
    said = (each.why or each.cause) if each.worker.pk in known else ABSENT
    return f"{said} {each.part}".strip()


def _plain(sheet: Sheet, worker: Worker, where: str, duty: str = "") -> Row:
    unit = _unit(sheet, worker.unit)
    return Row((worker.name, worker.graded, " ".join(worker.marks), unit, where, "", "", duty, "", ""), worker.pk)


UNIT_COLUMNS = (*POST_COLUMNS[:3], "Where", *POST_COLUMNS[3:])


def by_unit(sheet: Sheet, known: Container[int]) -> list[Table]:
    """Who of each unit does what, wherever they stand, and who of it is away."""
    places = {each.key: each.name for each in sheet.stations}
    needs = {each.key: each for each in sheet.stations}
    found = []
    for pk, unit in sheet.units.items():
        rows = [_of_person(sheet, line, places[line.station]) for line in sheet.lines if line.unit == pk]
        rows += [_gone(sheet, each, known) for each in sheet.away if each.worker.unit == pk]
        station = needs.get(f"unit {pk}")
        if rows or station:
            short = [replace(row, cells=(*row.cells[:3], *row.cells[4:])) for row in rows]
            note = need(station) if station else ""
            found.append(Table(unit.name, UNIT_COLUMNS, tuple(short), note, bool(station and station.short)))
    return found


def _absences(sheet: Sheet, known: Container[int]) -> Iterable[Table]:
    if sheet.away:
        rows = tuple(
            Row((each.worker.name, each.worker.graded, _unit(sheet, each.worker.unit), each.shift, _why(each, known)),
                each.worker.pk)
            for each in sheet.away
        )  # fmt: skip
        yield Table("Away", ("Name", "Grade and band", "Unit", "Shift", "Away"), rows)
