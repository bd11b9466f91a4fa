"""From what stands on a person's days to the rules of the optimiser, and back to sentences.

``Checker`` reads once, for many people: rule books, what rules ask of each, and the 17 weeks worked before the first
day. Then ``check`` judges a person's line as often as it changes, without the database; ``help`` says what could be
done about a finding.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache

from optimiser.lines import Line
from optimiser.problem import DAY, OFF, Calendar, Problem, Shift, Violation
from optimiser.rules.break_in_shift import BreakInShift
from optimiser.rules.skill_valid import SkillValid
from optimiser.rules.special_hazard_night import SpecialHazardNight
from optimiser.shapes import LineRule, Pattern, Rule, check_line, fitted, line_rules
from roster.rules.book import Book, Override, books, stretches
from roster.rules.members import Facts, Member, posts
from roster.rules.shifts import Shifts, family
from roster.timeline import days as timeline
from roster.timeline.days import EMPTY, NOTHING, Catalogue, Day, Key, Piece, span_of_days, with_overtime
from roster.timeline.models import Level

__all__ = ["Checker", "Finding", "Fix", "Help", "Shifts"]

HISTORY = timedelta(weeks=17)
AFTERWARDS = timedelta(days=13)
"""So far after the last day what is published has a part in rest and runs of days."""
QUARTER = 15
Marks = tuple[frozenset[tuple[str, str]], frozenset[str], frozenset[str]]


@dataclass(frozen=True)
class Finding:
    """A rule that is not kept, at the days that it is about.

    ``permitted``: why somebody with the right let it pass; it then no longer blocks. ``override``: who could.
    """

    rule: str
    code: str
    person_id: int
    days: tuple[date, ...]
    blocks: bool
    measured: float
    limit: float
    sentence: str
    override: Override = Override.NONE
    permitted: str = ""

    @property
    def severity(self) -> str:
        return "permitted" if self.permitted else "block" if self.blocks else "warn"


@dataclass(frozen=True)
class Fix:
    """One click: that day instead."""

    on: date
    day: Day
    words: str


@dataclass(frozen=True)
class Help:
    """``earliest``: from when that shift would be legal, in minutes from midnight of its day (past 1,440: the next)."""

    earliest: int | None
    fixes: tuple[Fix, ...]


class Checker:
    """The rules over these people from ``first`` to ``last``, their history read once.

    Overtime is work: what is published of it is added to the days that are checked. ``overtime=False``: it is among
    them already. What is published after ``last`` needs its rest too. ``codes``: only these rules; None: all.
    """

    def __init__(
        self, people: Collection[int], first: date, last: date, catalogue: Catalogue | None = None, *,
        overtime: bool = True, codes: Collection[str] | None = None,
    ) -> None:  # fmt: skip
        self.first, self.last = first, last
        self.codes = codes
        self.days = span_of_days(first, last)
        self.catalogue = catalogue or Catalogue()
        self.posts = posts(first - HISTORY, last)
        self.shifts = Shifts(self.catalogue, self.posts.names)
        self.calendar = Calendar(len(self.days), first.weekday(), frozenset(), first)
        self.facts = Facts(people, first, last)
        levels = timeline.by_level(people, first - HISTORY, last + AFTERWARDS, timeline.WORKED)
        self.worked = timeline.worked(levels)
        self.extra = levels[Level.OVERTIME] | levels[Level.OVERTIME_CORRECTION] if overtime else {}
        self.goes_on = {person for person, day in self.worked if day > last}
        self.members = {pk: self._member(pk) for pk in self.facts.left}
        self._books: dict[int | None, list[Book]] = {}

    def line(self, person_id: int, planned: Mapping[date, Day]) -> Line:
        standard = self.standard(person_id)
        days = (with_overtime(planned.get(day, EMPTY), self.overtime(person_id, day)) for day in self.days)
        shifts = tuple(self.shifts.of(each, day, standard) for day, each in zip(self.days, days, strict=True))
        booked = {n: shift.id for n, shift in enumerate(shifts) if shift.kind in ("leave", "sick")}
        member = self.members[person_id]
        return Line(replace(member, locked=booked) if booked else member, self.calendar, shifts)

    def overtime(self, person_id: int, day: date) -> Day:
        """What is published of it on that day."""
        return self.extra.get((person_id, day), NOTHING).day

    def _and_afterwards(self, line: Line) -> Line:
        """The line with the days after it, where something is published there."""
        person = int(line.person.id)
        if person not in self.goes_on:
            return line
        standard = self.standard(person)
        days = span_of_days(self.last + timedelta(days=1), self.last + AFTERWARDS)
        more = tuple(self.shifts.of(self.worked.get((person, day), EMPTY), day, standard) for day in days)
        calendar = replace(line.calendar, days=line.calendar.days + len(more))
        return Line(line.person, calendar, (*line.planned, *more))

    def check(self, person_id: int, planned: Mapping[date, Day]) -> list[Finding]:
        """What these days break, worst first. Days that are not given are empty."""
        line = self.line(person_id, planned)
        longer = self._and_afterwards(line)
        found = []
        for first, last, book in stretches(self.books(person_id), self.last):
            low, high = self.facts.number(first), self.facts.number(last)
            for broken in check_lines(line, longer, self.rules(book)):
                day = min(broken.days[-1], len(self.days) - 1)
                if low <= day <= high and not self._opted_out(broken):
                    found.append(self._finding(broken, book))
        return sorted(found, key=lambda each: not each.blocks)

    def check_sheet(self, days: Mapping[Key, Day]) -> dict[int, list[Finding]]:
        """The same for everybody."""
        by_person: dict[int, dict[date, Day]] = defaultdict(dict)
        for (person, day), content in days.items():
            by_person[person][day] = content
        return {person: self.check(person, by_person[person]) for person in self.members}

    def check_edit(self, person_id: int, planned: Mapping[date, Day], on: date) -> list[Finding]:
        """What is broken where that day has a part in it."""
        return [each for each in self.check(person_id, planned) if on in each.days]

    def help(self, person_id: int, planned: Mapping[date, Day], finding: Finding) -> Help:
        """What could be done about a finding: a later start, another template of the family, a day off."""
        line = self.line(person_id, planned)
        worked = [day for day in finding.days if line[self.facts.number(day)].works]
        if not worked:
            return Help(None, ())
        on = worked[-1]
        book = self._book(person_id, on)
        rule = next(one for one in line_rules(line.person, self.rules(book)) if one.name == finding.rule)
        return Help(self._earliest(line, on, rule), tuple(self._fixes(person_id, planned, finding, on, line)))

    def books(self, person_id: int) -> list[Book]:
        """The rule books that hold for a person, one after the other."""
        place = self.facts.establishment(person_id)
        key = place.pk if place else None
        if key not in self._books:
            self._books[key] = books(place, self.first, self.last)
        return self._books[key]

    def rules(self, book: Book) -> tuple[LineRule, ...]:
        wanted = tuple(rule for rule in book.rules if self.codes is None or rule.code in self.codes)
        return ready(wanted, self.calendar, self.shifts.excluded(), self.marks())

    def standard(self, person_id: int) -> int:
        return self.facts.standard(person_id)

    def _book(self, person_id: int, day: date) -> Book:
        return next(book for first, last, book in stretches(self.books(person_id), self.last) if first <= day <= last)

    def marks(self) -> Marks:
        """Which shifts need which skills, are nights of special hazard, have their breaks in post."""
        met = self.shifts.posts.items()
        needs = {(name, skill) for name, stood in met for post in stood for skill in self.posts.skills.get(post, ())}
        hazards = frozenset(name for name, stood in met if stood & self.posts.hazards)
        return frozenset(needs), hazards, frozenset(self.shifts.in_post)

    def _member(self, pk: int) -> Member:
        past = span_of_days(self.first - HISTORY, self.first - timedelta(days=1))
        standard = self.standard(pk)
        history = tuple(self.shifts.of(self.worked.get((pk, day), EMPTY), day, standard) for day in past)
        parameters = self.facts.parameters(pk)
        if paid := sum(self.catalogue.net(self.overtime(pk, day), day) for day in self.days if (pk, day) in self.extra):
            parameters.setdefault("ContractHours", {})["balance"] = -paid  # paid apart: not of the contract's hours
        if own := parameters.get("Personal"):
            others = (replace(one, without=self._in_posts(one.without)) for one in own.get("others", ()))
            parameters["Personal"] = own | {
                "without": self._in_posts(own.get("without", frozenset())), "others": tuple(others),
            }  # fmt: skip
        return self.facts.member(pk, history=history, parameters=parameters)

    def _in_posts(self, codes: frozenset[str]) -> frozenset[str]:
        """These shifts, and the same in any post."""
        return codes | {f"{code} in {post}" for code in codes for post in self.posts.names.values()}

    def _opted_out(self, broken: Violation) -> bool:
        """Somebody who signs within these days is no longer bound by the average from then on."""
        return broken.rule == "WeeklyAverage" and self.facts.opted_out(
            int(broken.person), self.first + timedelta(days=broken.days[-1])
        )

    def _finding(self, broken: Violation, book: Book) -> Finding:
        person = int(broken.person)
        days = tuple(self.first + timedelta(days=day) for day in broken.days if 0 <= day < len(self.days))
        entry = book.entry(broken.rule)
        found = Finding(
            broken.rule, entry.rule.code, person, days, broken.blocks, broken.measured, broken.limit, broken.sentence,
            entry.override,
        )  # fmt: skip
        exception = self.facts.permitted(person, broken.rule, days)
        if exception is None or not broken.blocks:
            return found
        who = exception.permitted_by.name if exception.permitted_by else "somebody"
        return replace(found, blocks=False, permitted=f"Permitted by {who}: {exception.reason}")

    def _earliest(self, line: Line, on: date, rule: LineRule) -> int | None:
        """The first quarter of an hour at which the shift could start, within a day. Only rest depends on that."""
        if not isinstance(rule, Pattern):
            return None
        day = self.facts.number(on)
        shift = line[day]

        def legal(later: int) -> bool:
            moved = replace(shift, start=shift.start + later, end=shift.end + later)
            planned = (*line.planned[:day], moved, *line.planned[day + 1 :])
            return not any(day in broken.days for broken in rule.check(replace(line, planned=planned)))

        first = -shift.start % QUARTER
        low, high = 0, DAY // QUARTER
        if not legal(first + high * QUARTER):
            return None
        while low < high:
            middle = (low + high) // 2
            low, high = (low, middle) if legal(first + middle * QUARTER) else (middle + 1, high)
        return shift.start + first + low * QUARTER

    def _fixes(
        self, person_id: int, planned: Mapping[date, Day], finding: Finding, on: date, line: Line, most: int = 2
    ) -> list[Fix]:
        """The likest templates, then a day off: each no longer breaks this, and breaks nothing else that blocks."""
        shift = line[self.facts.number(on)]
        now = {_where(each) for each in self.check(person_id, planned) if each.blocks}
        found: list[Fix] = []
        for day, other in [*family(self.catalogue, shift, on), (rest_day(self.catalogue), OFF)]:
            if len(found) >= most and other is not OFF:
                continue
            broken = self.check(person_id, {**planned, on: day})
            same = any(each.rule == finding.rule and on in each.days for each in broken)
            if not same and not {_where(each) for each in broken if each.blocks} - now:
                found.append(Fix(on, day, self._words(day, on)))
        return found

    def _words(self, day: Day, on: date) -> str:
        return f"{self.catalogue.words(day)} on {on:%A} {on.day} {on:%B}"


def check_lines(line: Line, longer: Line, rules: tuple[LineRule, ...]) -> list[Violation]:
    """What is wrong with the line. Rules of rest and runs of days see it go on."""
    if longer is line:
        return check_line(line, rules)
    of_runs = tuple(rule for rule in rules if isinstance(rule, Pattern))
    others = tuple(rule for rule in rules if not isinstance(rule, Pattern))
    reached = [one for one in check_line(longer, of_runs) if one.days[0] < len(line.planned)]
    return [*check_line(line, others), *reached]


def rest_day(catalogue: Catalogue) -> Day:
    """The full-day status that a planner puts where nobody works."""
    found = next(pk for pk, row in catalogue.versions.items() if row.template.code == "RD")
    return Day((), Piece(found))


def _where(finding: Finding) -> tuple[str, tuple[date, ...]]:
    return finding.rule, finding.days


@lru_cache(maxsize=64)
def ready(
    book: tuple[Rule, ...],
    calendar: Calendar,
    excluded: frozenset[str],
    marks: Marks,
) -> tuple[LineRule, ...]:
    """The rules of a book for single lines. Fair shares need the whole unit: not here."""
    absences = tuple(Shift(code, kind="leave", works=False) for code in excluded)
    needs, hazards, in_post = marks
    found = []
    for rule in fitted(Problem(calendar, absences, ()), [r for r in book if not r.name.startswith("Fair")]):
        if isinstance(rule, SkillValid):
            rule = replace(rule, needs=rule.needs | needs)
        if isinstance(rule, SpecialHazardNight):
            rule = replace(rule, posts=rule.posts | hazards)
        if isinstance(rule, BreakInShift):
            rule = replace(rule, in_post=rule.in_post | in_post)
        if isinstance(rule, LineRule):
            found.append(rule)
    return tuple(found)
