"""The planning board as data for its template: people by days, with codes, hours, rule results and counts."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from django.db.models import Q, QuerySet

from foundation import clock
from roster.absence.models import handled
from roster.activities.models import Activity, Template
from roster.demand import squares
from roster.demand.models import Half, Level
from roster.establishment.models import Contract, GradeHeld, Person
from roster.planning.models import Draft, Edit, PlanningPeriod, Presence
from roster.planning.sheet import Cell, Sheet, members
from roster.planning.staffing import DAY, Places, asks
from roster.rules.check import Checker, Finding
from roster.timeline.days import Catalogue, Day, Piece

CHUNK = 60
"""Rows that are sent at once; the next ones follow as somebody scrolls there, or by a link."""
PRESENT_FOR = timedelta(seconds=60)


@dataclass(frozen=True)
class Filters:
    """What a planner wants to see: part of a name, a grade, only rows with broken rules; and how much of it."""

    name: str = ""
    grade: str = ""
    troubled: bool = False
    week: int = 0
    weeks: int = 4
    everybody: bool = False

    @property
    def chosen(self) -> bool:
        return self != Filters(everybody=self.everybody)

    def days(self, period: PlanningPeriod) -> list[date]:
        shown = period.days[self.week * 7 : (self.week + self.weeks) * 7]
        return shown or period.days


@dataclass(frozen=True)
class Look:
    """How a day is written on the board: the same for every cell with that day."""

    code: str
    words: str
    colour: str


@dataclass(frozen=True)
class Square:
    """One cell, ready to be shown."""

    cell: Cell
    look: Look
    findings: tuple[Finding, ...] = ()
    elsewhere: bool = False

    @property
    def blocks(self) -> bool:
        return any(each.blocks for each in self.findings)

    @property
    def mark(self) -> str:
        """Never by colour alone: ! a rule that blocks is broken, ~ one that warns."""
        return "!" if self.blocks else "~" if self.findings else ""

    @property
    def classes(self) -> str:
        facts = [
            (self.blocks, "blocks"), (bool(self.findings), "warns"), (self.cell.locked, "locked"),
            (self.cell.differs, "differs"), (self.cell.overtaken, "overtaken"),
        ]  # fmt: skip
        return " ".join([f"duty-{self.look.colour}", *(name for holds, name in facts if holds)])

    @property
    def label(self) -> str:
        """For screen readers; begins with what is seen."""
        parts = [f"{self.look.code or '–'} {self.look.words}"]
        if self.findings:
            parts.append(f"{len(self.findings)} {'rule' if len(self.findings) == 1 else 'rules'} broken")
        parts += ["for another unit"] if self.elsewhere else []
        parts += ["locked"] if self.cell.locked else []
        parts += ["not published"] if self.cell.differs else []
        return ", ".join(parts)


@dataclass
class Row:
    """One person of the board."""

    person: Person
    grade: str
    squares: list[Square]
    minutes: int
    due: int
    findings: list[Finding] = field(default_factory=list)

    @property
    def balance(self) -> int:
        return self.minutes - self.due


@dataclass(frozen=True)
class Needs:
    """What stands under the grid: the regime that the numbers allow by half day, and each post and session."""

    regimes: list[tuple[Half, list[tuple[date, Level]]]]
    rows: list[squares.Row]


class Board:
    """One draft of a period as one planner sees it."""

    def __init__(self, draft: Draft, filters: Filters = Filters(), user: Any = None) -> None:
        self.draft, self.period, self.filters, self.user = draft, draft.period, filters, user
        self.days = filters.days(self.period)
        self.catalogue = Catalogue()
        self._looks: dict[tuple[Day, bool], Look] = {}

    @cached_property
    def people(self) -> list[Person]:
        """Everybody whom the filters let through."""
        found: QuerySet[Person] = members(self.period)
        for word in self.filters.name.split():
            found = found.filter(Q(first_name__icontains=word) | Q(last_name__icontains=word))
        if self.filters.grade:
            held = GradeHeld.objects.on(self.period.first).filter(grade__code=self.filters.grade)
            found = found.filter(pk__in=held.values("person"))
        return list(found)

    def rows(self, people: Collection[Person], *, checked: bool = True) -> list[Row]:
        """These people's rows. ``checked``: with the results of the rules (a few milliseconds a person)."""
        ids = [person.pk for person in people]
        sheet = self.sheet if "sheet" in self.__dict__ else Sheet(self.draft, ids)
        grades, due = _grades(ids, self.period.first), _due(ids, self.period)
        found = {}
        if checked:
            checker = Checker(ids, self.period.first, self.period.last, self.catalogue)
            found = {pk: checker.check(pk, sheet.line(pk)) for pk in ids}
        rows = [self._row(person, sheet, grades, due, found.get(person.pk, [])) for person in people]
        return [row for row in rows if row.findings] if self.filters.troubled and checked else rows

    def _row(
        self, person: Person, sheet: Sheet, grades: Mapping[int, str], due: Mapping[int, int], found: list[Finding]
    ) -> Row:
        by_day: dict[date, list[Finding]] = defaultdict(list)
        for finding in found:
            for day in finding.days if len(finding.days) < 8 else finding.days[-1:]:
                by_day[day].append(finding)
        squares = []
        for day in self.days:
            cell = sheet.cell(person.pk, day)
            look, elsewhere = self.look(cell.day, person.pk), self.places.elsewhere(cell)
            squares.append(Square(cell, look, tuple(by_day.get(day, ())), elsewhere))
        minutes = sum(self._credited(sheet.day(person.pk, day), day) for day in self.period.days)
        return Row(person, grades.get(person.pk, ""), squares, minutes, due.get(person.pk, 0), found)

    def _credited(self, day: Day, on: date) -> int:
        """Minutes that count towards the contract: worked, or of the shift that leave stands over."""
        if day.status is None:
            return self.catalogue.net(day, on)
        credit = self.catalogue.activity(day.status).credit
        return self.catalogue.net(Day(day.shifts), on) if credit != Activity.Credit.NONE else 0

    def look(self, day: Day, person: int | None = None) -> Look:
        """How a day is written: of this person, as far as the user may know why somebody is away."""
        veiled = day.status is not None and not (person is None or self._known is None or person in self._known)
        if (day, veiled) not in self._looks:
            self._looks[day, veiled] = self._make_look(day, veiled)
        return self._looks[day, veiled]

    def looks(self, person: int, before: Day, after: Day) -> tuple[Look, Look]:
        """How a change of this person's day is written."""
        return self.look(before, person), self.look(after, person)

    @cached_property
    def _known(self) -> set[int] | None:
        """Of whom the user may know why they are away; None: of everybody."""
        return set(handled(self.user).values_list("pk", flat=True)) if self.user else None

    def _make_look(self, day: Day, veiled: bool) -> Look:
        if not day:
            return Look("", "nothing", "none")
        if veiled and day.status and self.catalogue.activity(day.status).confidential:
            known = self.catalogue.veiled()
            return Look("/".join(known.codes(day)), known.words(day), "grey")
        first = self.catalogue.content(day.status or day.shifts[0])
        activity = first.activity or next((item.activity for item in first.items), None)
        night = first.end is not None and first.end > 86400
        return Look("/".join(self.catalogue.codes(day)), self.catalogue.words(day),
                    "night" if night else activity.colour if activity else "grey")  # fmt: skip

    @cached_property
    def sheet(self) -> Sheet:
        """Everybody of the unit, from the day before the period: its night reaches in."""
        return Sheet(self.draft, days=(self.period.first - DAY, self.period.last + DAY))

    def needs(self, around: Collection[date] | None = None) -> Needs | None:
        """Demand against this draft (R-052). ``around``: only what edits of these days touch. None: nothing is asked.

        A night reaches into the next day, and a shift may begin on the evening before.
        """
        if not asks(self.period):
            return None
        first, last = self.days[0], self.days[-1]
        if around is not None:
            first, last = max(first, min(around) - DAY), min(last, max(around) + DAY)
        if first > last:
            return Needs([], [])
        found = self.places.coverage(self.draft, first, last, None if around else self.sheet)
        return Needs(squares.regimes(found), squares.rows(found))

    def counts(self) -> list[tuple[str, str, list[int]]]:
        """For a unit that nothing is asked of: each shift that somebody works, and how many on each day."""
        numbers: dict[str, Counter[date]] = defaultdict(Counter)
        words = {}
        for day, content in self._worked():
            look = self.look(content)
            numbers[look.code][day] += 1
            words[look.code] = look.words
        return [(code, words[code], [numbers[code][day] for day in self.days]) for code in sorted(numbers)]

    def _worked(self) -> Iterator[tuple[date, Day]]:
        """Days of work in the unit: by its own people, and whole shifts by others."""
        for person, day in self.sheet.days:
            cell = self.sheet.cell(person, day)
            if self.places.here(cell):
                yield day, cell.day
        for each in self.places.others(self.sheet, self.days[0], self.days[-1]):
            if each.content.template_version is not None:
                yield each.on, Day((Piece(each.content.template_version.pk),))

    @cached_property
    def places(self) -> Places:
        return Places(self.period, self.catalogue)

    @cached_property
    def templates(self) -> list[tuple[str, str, Day]]:
        """What can be put into a cell: code, words, content, as of the period's first day."""
        return templates(self.period, self.catalogue)

    def weeks(self) -> list[tuple[int, date]]:
        return [(n, self.period.first + timedelta(weeks=n)) for n in range((len(self.period.days) + 6) // 7)]

    def undoable(self, user: Any) -> tuple[Edit | None, Edit | None]:
        """The step that undo takes back, and the one that redo does again."""
        own = Edit.objects.filter(draft=self.draft, by=user)
        return own.filter(undone=False).order_by("-pk").first(), own.filter(undone=True).order_by("pk").first()


def templates(period: PlanningPeriod, catalogue: Catalogue) -> list[tuple[str, str, Day]]:
    """The national templates and the establishment's own, which go before national ones of the same code."""
    place = period.unit.establishment_id
    rows = Template.objects.filter(Q(establishment=None) | Q(establishment=place), closed_on=None)
    chosen = {row.code: row.pk for row in sorted(rows, key=lambda row: row.establishment_id is not None)}
    found = []
    for version in catalogue.versions.values():
        if chosen.get(version.template.code) == version.template_id and version.holds_on(period.first):
            piece = Piece(version.pk)
            day = Day((), piece) if version.full_day else Day((piece,))
            found.append((version.template.code, catalogue.words(day), day))
    return sorted(found, key=lambda each: (each[2].status is not None, each[0]))


def _grades(people: Collection[int], day: date) -> dict[int, str]:
    rows = GradeHeld.objects.on(day).filter(person__in=people)
    return dict(rows.values_list("person", "grade__code"))


def _due(people: Collection[int], period: PlanningPeriod) -> dict[int, int]:
    """Contracted minutes of the whole period, each day by the contract that holds on it."""
    found: Counter[int] = Counter()
    for row in Contract.objects.during(period.first, period.last).filter(person__in=people):
        days = sum(row.holds_on(day) for day in period.days)
        found[row.person_id] += row.weekly_minutes * days
    return {person: round(minutes / 7) for person, minutes in found.items()}


def present(period: PlanningPeriod, user: Any) -> list[Any]:
    """Note that this planner is here, and say who else is."""
    now = clock.now()
    Presence.objects.update_or_create(period=period, user=user, defaults={"at": now})
    Presence.objects.filter(at__lt=now - timedelta(days=1)).delete()
    others = Presence.objects.filter(period=period, at__gt=now - PRESENT_FOR).exclude(user=user)
    return [each.user for each in others.select_related("user").order_by("user__last_name")]
