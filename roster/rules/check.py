"""From what stands on a person's days to the rules of the optimiser, and back to sentences.

``Checker`` reads once, for many people: contracts, skills, units, personal rules and the 17 weeks worked before the
first day. Then ``check`` judges a person's line as often as it changes, without the database.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Any

from django.db.models import Q

from optimiser.lines import Line
from optimiser.parameters import BadParameter, converted
from optimiser.problem import OFF, Calendar, Problem, Shift, Violation
from optimiser.problem import Person as Member
from optimiser.rules import all_rules, default_rules
from optimiser.shapes import LineRule, Rule, check_line, fitted
from roster.activities.models import Activity
from roster.activities.phrases import DayType, day_type
from roster.establishment.models import Contract, Membership, Person, PersonalRule, SkillHeld
from roster.timeline.content import Content
from roster.timeline.days import EMPTY, Catalogue, Day, Key, Piece, clock_changes, initials, published, span_of_days

HISTORY = timedelta(weeks=17)
EVER = 4000
"""Days after which a skill's end no longer matters."""

KINDS = {Activity.Kind.VACATION: "leave", Activity.Kind.ILLNESS: "sick", Activity.Kind.MEETING: "training"}


@dataclass(frozen=True)
class Finding:
    """A rule that is not kept, at the days that it is about."""

    rule: str
    code: str
    person_id: int
    days: tuple[date, ...]
    blocks: bool
    measured: float
    limit: float
    sentence: str


class Shifts:
    """Days of the timeline as shifts of the optimiser. A night on which the clock changes is a shift of its own."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self._known: dict[tuple[Day, date | None, int], Shift] = {}

    def of(self, day: Day, on: date, standard: int = 0) -> Shift:
        """``standard``: minutes of a usual day by contract, credited where no shift lies beneath a leave day."""
        if not day:
            return OFF
        key = (day, on if clock_changes(on) else None, standard)
        if key not in self._known:
            self._known[key] = self._make(day, on, standard)
        return self._known[key]

    def excluded(self) -> frozenset[str]:
        """Codes of the full-day statuses that leave a day out of averages."""
        known = self.catalogue
        of_templates = {
            row.template.code
            for row in known.versions.values()
            if row.full_day and known.activity(Piece(row.pk)).excluded_day
        }
        return frozenset(
            of_templates | {initials(each.name) for each in known.activities.values() if each.excluded_day}
        )

    def _make(self, day: Day, on: date, standard: int) -> Shift:
        shifts, status = self.catalogue.contents(day)
        name = self.catalogue.codes(day)[0]
        if status is None:
            return timed(name, shifts, on)
        activity = self.catalogue.activity(day.status)  # type: ignore[arg-type]
        if day_type(activity.name) in (DayType.REST_DAY, DayType.NONE):
            return OFF
        beneath = sum(each.net(on) for each in shifts) or standard
        minutes = 0 if activity.credit == Activity.Credit.NONE else beneath
        return Shift(name, 0, 0, minutes, KINDS.get(Activity.Kind(activity.kind), "other"), works=False)  # type: ignore[arg-type]


def timed(name: str, contents: Sequence[Content], on: date) -> Shift:
    """The shifts of one day as one entry from the first start to the last end, the time between them as a break."""
    ordered = sorted(contents, key=lambda each: each.start or 0)
    start = (ordered[0].start or 0) // 60
    paper = max(each.end or 0 for each in ordered) // 60
    lasts = sum(each.gross(on) for each in ordered)
    breaks = [
        (item.start // 60, item.end // 60)
        for each in ordered
        for item in each.items
        if item.activity.kind == Activity.Kind.BREAK and not item.activity.paid
    ]
    for before, after in pairwise(ordered):
        if (before.end or 0) < (after.start or 0):
            breaks.append(((before.end or 0) // 60, (after.start or 0) // 60))
            lasts += ((after.start or 0) - (before.end or 0)) // 60
    training = all(i.activity.kind in (Activity.Kind.MEETING, Activity.Kind.BREAK) for e in ordered for i in e.items)
    end = start + lasts if clock_changes(on) else paper
    kind = "training" if training else "work"
    return Shift(name, start, end, sum(each.net(on) for each in ordered), kind, breaks=tuple(sorted(breaks)))  # type: ignore[arg-type]


class Checker:
    """The rules over these people from ``first`` to ``last``, their history read once."""

    def __init__(self, people: Collection[int], first: date, last: date, catalogue: Catalogue | None = None) -> None:
        self.first, self.last = first, last
        self.days = span_of_days(first, last)
        self.shifts = Shifts(catalogue or Catalogue())
        self.calendar = Calendar(len(self.days), first.weekday(), frozenset(), first)
        self.members = self._members(people)
        self.rules = _rules(self.calendar, self.shifts.excluded())

    def line(self, person_id: int, planned: Mapping[date, Day]) -> Line:
        member = self.members[person_id]
        standard = self.standard(person_id)
        return Line(
            member, self.calendar, tuple(self.shifts.of(planned.get(day, EMPTY), day, standard) for day in self.days)
        )

    def check(self, person_id: int, planned: Mapping[date, Day]) -> list[Finding]:
        """What these days break, worst first. Days that are not given are empty."""
        found = [self._finding(each) for each in check_line(self.line(person_id, planned), self.rules)]
        return sorted(found, key=lambda each: not each.blocks)

    def check_sheet(self, days: Mapping[Key, Day]) -> dict[int, list[Finding]]:
        """The same for everybody."""
        by_person: dict[int, dict[date, Day]] = defaultdict(dict)
        for (person, day), content in days.items():
            by_person[person][day] = content
        return {person: self.check(person, by_person[person]) for person in self.members}

    def standard(self, person_id: int) -> int:
        return self._standard.get(person_id, 0)

    def _finding(self, broken: Violation) -> Finding:
        days = tuple(self.first + timedelta(days=day) for day in broken.days if 0 <= day < len(self.days))
        code = _code(broken.rule)
        return Finding(
            broken.rule, code, int(broken.person), days, broken.blocks, broken.measured, broken.limit, broken.sentence
        )

    def _members(self, people: Collection[int]) -> dict[int, Member]:
        skills, rules = self._skills(people), self._personal(people)
        contracts, units = self._contracts(people), self._units(people)
        before = published(people, self.first - HISTORY, self.first - timedelta(days=1))
        past = span_of_days(self.first - HISTORY, self.first - timedelta(days=1))
        self._standard = {
            person: round(each.weekly_minutes / float(each.days_per_week)) if each.days_per_week else 0
            for person, each in contracts.items()
        }
        return {
            pk: Member(
                id=str(pk),
                skills=skills[pk],
                hours=contracts[pk].weekly_minutes if pk in contracts else 0,
                allowed_on={day: frozenset() for day in units[pk]},
                days_off=self._days_off(contracts.get(pk)),
                history=tuple(
                    self.shifts.of(before[pk, day].day, day, self.standard(pk)) if (pk, day) in before else OFF
                    for day in past
                ),
                parameters=rules[pk],
            )
            for pk in Person.objects.filter(pk__in=people).values_list("pk", flat=True)
        }

    def _contracts(self, people: Collection[int]) -> dict[int, Contract]:
        rows = Contract.objects.during(self.first, self.last).filter(person__in=people).order_by("valid")
        return {row.person_id: row for row in reversed(rows)}

    def _days_off(self, contract: Contract | None) -> frozenset[int]:
        """A part-timer's days that are not agreed (R-057)."""
        if contract is None or not contract.agreed_days:
            return frozenset()
        return frozenset(n for n, day in enumerate(self.days) if day.weekday() not in contract.agreed_days)

    def _units(self, people: Collection[int]) -> dict[int, list[int]]:
        """For each person the days on which they are in no unit at all."""
        member: dict[int, list[Any]] = defaultdict(list)
        for row in Membership.objects.during(self.first, self.last).filter(person__in=people):
            member[row.person_id].append(row)
        left = dict(Person.objects.filter(Q(left_on__isnull=False), pk__in=people).values_list("pk", "left_on"))
        return {
            pk: [
                n
                for n, day in enumerate(self.days)
                if not any(row.holds_on(day) for row in member[pk]) or (pk in left and day > left[pk])
            ]
            for pk in people
        }

    def _skills(self, people: Collection[int]) -> dict[int, dict[str, int | None]]:
        found: dict[int, dict[str, int | None]] = defaultdict(dict)
        rows = SkillHeld.objects.during(self.first, self.last).filter(person__in=people).select_related("skill")
        for row in rows:
            last = row.last_day
            found[row.person_id][row.skill.code] = None if last is None else min(EVER, (last - self.first).days)
        return found

    def _personal(self, people: Collection[int]) -> dict[int, dict[str, dict[str, Any]]]:
        found: dict[int, dict[str, dict[str, Any]]] = defaultdict(dict)
        known = all_rules()
        for row in PersonalRule.objects.during(self.first, self.last).filter(person__in=people):
            if row.rule in known:
                try:
                    found[row.person_id][row.rule] = converted(known[row.rule], row.parameters, self._day_number)
                except BadParameter:
                    continue
        return found

    def _day_number(self, text: str) -> int:
        return (date.fromisoformat(text) - self.first).days


@lru_cache(maxsize=64)
def _rules(calendar: Calendar, excluded: frozenset[str]) -> tuple[LineRule, ...]:
    """The rule book of the handbook, ready for lines of these days. Fair shares need the whole unit: not here."""
    book: list[Rule] = [
        rule for rule in default_rules() if isinstance(rule, LineRule) and not rule.name.startswith("Fair")
    ]
    absences = tuple(Shift(code, kind="leave", works=False) for code in excluded)
    return tuple(rule for rule in fitted(Problem(calendar, absences, ()), book) if isinstance(rule, LineRule))


@lru_cache(maxsize=256)
def _code(rule: str) -> str:
    kind = all_rules().get(rule)
    return kind.code if kind else ""
