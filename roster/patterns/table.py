"""A table of lines as it is typed: selects of the designer, or text pasted from a spreadsheet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from roster.patterns.actions import Entry
from roster.patterns.models import MOST_LINES, NAMES

Rows = list[list[Entry | None]]
EMPTY = {"", "-"}


@dataclass(frozen=True)
class Fault:
    """What is wrong, and the cell: line and weekday, both from 0."""

    text: str
    line: int = 0
    weekday: int = 0
    field: str = ""

    @property
    def href(self) -> str:
        return f"#{self.field}" if self.field else f"#c-{self.line}-{self.weekday}"


@dataclass(frozen=True)
class Known:
    """What may stand in a cell: numbers of templates (with their codes), posts and units."""

    templates: Mapping[int, str]
    posts: Mapping[int, str]
    units: Mapping[int, str]

    @property
    def by_code(self) -> dict[str, int]:
        return {code.casefold(): number for number, code in self.templates.items()}

    def words(self, entry: Entry | None) -> str:
        if entry is None:
            return ""
        where = [self.posts.get(entry.post or 0, ""), self.units.get(entry.unit or 0, "")]
        return " ".join([self.templates.get(entry.template, "?"), *(f"({each})" for each in where if each)])


def value(entry: Entry | None) -> str:
    """A cell as the value of an option: ``12`` or ``12:post:unit``."""
    if entry is None:
        return ""
    if entry.post is None and entry.unit is None:
        return str(entry.template)
    return f"{entry.template}:{entry.post or ''}:{entry.unit or ''}"


def typed(posted: Mapping[str, str], known: Known) -> tuple[Rows, list[Fault]]:
    """The selects ``c-<line>-<weekday>``, and ``post-<line>``, which puts a post into all cells of a line."""
    rows: Rows = []
    faults = []
    while len(rows) < MOST_LINES and f"c-{len(rows)}-0" in posted:
        line = len(rows)
        row: list[Entry | None] = []
        for weekday in range(7):
            text = posted.get(f"c-{line}-{weekday}", "")
            entry = _entry(text, known)
            if text and entry is None:
                faults.append(Fault(f"Select a shift for {NAMES[weekday]} of line {line + 1}", line, weekday))
            row.append(entry)
        rows.append(_at_post(row, posted.get(f"post-{line}", ""), known))
    return rows, faults


def _entry(text: str, known: Known) -> Entry | None:
    template, _, where = text.partition(":")
    post, _, unit = where.partition(":")
    number = _number(template)
    if number not in known.templates:
        return None
    found_post, found_unit = _number(post), _number(unit)
    return Entry(
        number, found_post if found_post in known.posts else None, found_unit if found_unit in known.units else None
    )


def _at_post(row: list[Entry | None], chosen: str, known: Known) -> list[Entry | None]:
    if chosen == "none":
        return [entry and Entry(entry.template, None, entry.unit) for entry in row]
    post = _number(chosen)
    return [entry and Entry(entry.template, post, entry.unit) for entry in row] if post in known.posts else row


def one_cell(rows: Rows, posted: Mapping[str, str], known: Known) -> tuple[Rows, list[Fault]]:
    """The fields ``one-line``, ``one-day``, ``one-post``, ``one-unit``: another post or unit on a single day."""
    line, weekday = posted.get("one-line", ""), posted.get("one-day", "")
    if not (line.isdecimal() and int(line) < len(rows) and weekday.isdecimal() and int(weekday) < 7):
        return rows, [Fault("Select a line and a day", field="one-line")]
    entry = rows[int(line)][int(weekday)]
    if entry is None:
        return rows, [Fault("There is no shift on that day to put at a post", field="one-line")]
    post, unit = _number(posted.get("one-post", "")), _number(posted.get("one-unit", ""))
    made = [list(row) for row in rows]
    made[int(line)][int(weekday)] = Entry(
        entry.template, post if post in known.posts else None, unit if unit in known.units else None
    )
    return made, []


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def operate(rows: Rows, do: str) -> Rows:
    """``add``; ``duplicate-2``, ``remove-2``, ``up-2``, ``down-2`` with the line from 0. Anything else: as it is."""
    verb, _, number = do.partition("-")
    line, made = _number(number), list(rows)
    if verb == "add" and len(made) < MOST_LINES:
        return [*made, [None] * 7]
    if not number.isdecimal() or line >= len(made):
        return made
    if verb == "duplicate" and len(made) < MOST_LINES:
        made.insert(line + 1, list(made[line]))
    elif verb == "remove" and len(made) > 1:
        del made[line]
    elif verb in ("up", "down"):
        other = line + (1 if verb == "down" else -1)
        if 0 <= other < len(made):
            made[line], made[other] = made[other], made[line]
    return made


def pasted(text: str, known: Known) -> tuple[Rows, list[Fault]]:
    """Lines of seven codes with tabs between, as a spreadsheet copies them: a heading row, a first column with the
    line's number and columns after Sunday are left out. A row of empty cells is a week without shifts.
    """
    lines = [[cell.strip() for cell in line.split("\t")] for line in text.splitlines() if line.strip() or "\t" in line]
    codes = known.by_code
    heading = lines.pop(0) if lines and _monday(lines[0]) is not None else []
    first = _first_column(lines, heading, codes)
    faults = [] if any(any(line) for line in lines) else [Fault("Paste at least one line")]
    if len(lines) > MOST_LINES:
        faults.append(Fault(f"A pattern has at most {MOST_LINES} lines; these are {len(lines)}", MOST_LINES))
    rows: Rows = []
    for number, cells in enumerate(lines[:MOST_LINES]):
        days = cells[first : first + 7]
        if len(days) < 7:
            many = "1 day" if len(days) == 1 else f"{len(days)} days"
            faults.append(Fault(f"Line {number + 1} has {many}: 7 are needed, with tabs between", number))
            rows.append([_entry_of(code, codes) for code in [*days, *[""] * (7 - len(days))]])
        else:
            rows.append([_pasted(code, codes, number, weekday, faults) for weekday, code in enumerate(days)])
    return rows, faults


def _monday(cells: Sequence[str]) -> int | None:
    return next((column for column, cell in enumerate(cells) if cell.casefold()[:3] == "mon"), None)


def _first_column(lines: Sequence[Sequence[str]], heading: Sequence[str], codes: Mapping[str, int]) -> int:
    """Where Monday is. Without a heading the first column is Monday's if a shift stands in it."""
    if max(map(len, lines), default=0) <= 7:
        return 0
    if heading:
        return _monday(heading) or 0
    return 0 if any(line[0].casefold() in codes for line in lines) else 1


def _entry_of(code: str, codes: Mapping[str, int]) -> Entry | None:
    return Entry(codes[code.casefold()]) if code.casefold() in codes else None


def _pasted(code: str, codes: Mapping[str, int], line: int, weekday: int, faults: list[Fault]) -> Entry | None:
    if code in EMPTY:
        return None
    if code.casefold() not in codes:
        faults.append(Fault(f"{NAMES[weekday]} of line {line + 1}: there is no shift {code[:20]}", line, weekday))
    return _entry_of(code, codes)


def differences(stored: Sequence[Sequence[Entry | None]], sent: Rows, known: Known) -> list[dict[str, str]]:
    """Cells in which two tables differ."""
    found = []
    blank: list[Entry | None] = [None] * 7
    for line in range(max(len(stored), len(sent))):
        theirs = stored[line] if line < len(stored) else blank
        ours = sent[line] if line < len(sent) else blank
        found += [
            {
                "label": f"Line {line + 1}, {NAMES[weekday]}",
                "stored": known.words(theirs[weekday]),
                "sent": known.words(ours[weekday]),
            }
            for weekday in range(7)
            if theirs[weekday] != ours[weekday]
        ]
    if len(stored) != len(sent):
        found.append({"label": "Lines", "stored": str(len(stored)), "sent": str(len(sent))})
    return found
