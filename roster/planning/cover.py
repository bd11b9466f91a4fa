"""Who can come when somebody is missing: the optimiser's ``cover`` asked about the published plan (staff-roster 9.3).

``free`` answers at once: people with that day off, qualified and legal, the gap's own unit first, then the cheapest.
``replans`` writes one colleague's days around the gap anew; it needs the demand of one unit to know what else suffers.
There counts who is on duty in the unit, whoever they are; what its people do elsewhere meets nothing, and stays.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property

from optimiser.cover import Candidate, CoverDesk
from optimiser.problem import OFF, Assignment, Demand, Need, Problem, Shift
from optimiser.problem import Person as Planned
from roster.absence.models import Sickness
from roster.demand.coverage import Coverage, Facts
from roster.demand.needs import needs
from roster.demand.places import Booking, by_unit, may_stand_in, unit_posts
from roster.demand.steps import is_off, members_of, shift_for
from roster.demand.supply import Stretch, fits
from roster.establishment.models import Membership, Person, here
from roster.planning.staffing import away
from roster.rules.check import Checker
from roster.timeline.content import Content
from roster.timeline.days import EMPTY, Catalogue, Day, Key, as_worked, span_of_days

BEFORE, AFTER = timedelta(days=6), timedelta(days=8)
"""The days around the gap whose rules are asked; the 17 weeks before them count as history."""
MOST_FROM_ELSEWHERE = 40
"""So many people who are not of the gap's own unit are looked at: those who worked least around the day."""
CHANGED_DAY = 2000
"""Who re-plans on the day itself wants to change as few days as can be."""
MISSING = 1000
"""The price of the gap itself; the unit's other demand has its own."""


@dataclass(frozen=True)
class Offer:
    """One way to fill the gap. ``changes``: what stands, and what would stand, on which of the person's days."""

    person: Person
    own: bool
    cost: int
    sentence: str
    changes: tuple[tuple[date, Day, Day], ...]


class Desk:
    """Asks who could take a shift. ``usual``: templates to choose it from; ``shift`` instead if it is known."""

    def __init__(
        self, coverage: Coverage, one: Stretch, *, usual: Collection[int] = (), shift: tuple[date, Day] | None = None
    ) -> None:
        self.coverage, self.wanted = coverage, coverage.wanted(one.key)
        self.catalogue = Catalogue()
        self.on, self.shift = shift or shift_for(self.catalogue, coverage, one, usual)
        self.first, self.last = self.on - BEFORE, self.on + AFTER
        self.days = span_of_days(self.first, self.last)
        self.own = set(members_of(coverage, self.on)) if coverage.unit else set()
        self.people = self._people()
        self.plan = as_worked(self.people, self.first, self.last)
        self.checker = Checker(self.people, self.first, self.last, self.catalogue)
        self.facts = self._facts(self.people, one.day)
        self.day = one.day

    def _people(self) -> dict[int, Person]:
        """The gap's own unit; of the rest of the prison those who are off and able and worked least."""
        rows = Membership.objects.on(self.on).filter(here("person__"), unit__establishment=self.coverage.establishment)
        ill = Sickness.objects.on(self.on).values("person")  # no overtime until a return is recorded (11.1)
        people = set(rows.exclude(person__in=ill).values_list("person", flat=True))
        others = people - self.own
        plan = as_worked(others, self.on, self.on)
        others = {pk for pk in others if is_off(plan.get((pk, self.on), EMPTY), self.catalogue)}
        facts = self._facts(others, self.on)
        able = [pk for pk in others if self._fits(facts, pk, self.on)]
        worked = dict.fromkeys(able, 0)
        for (pk, day), each in as_worked(able, self.first, self.last).items():
            worked[pk] += self.catalogue.net(each, day)
        nearest = sorted(able, key=lambda pk: (worked[pk], pk))[:MOST_FROM_ELSEWHERE]
        chosen = [*sorted(self.own & people), *nearest]
        known = Person.objects.in_bulk(chosen)
        return {pk: known[pk] for pk in chosen}

    def _facts(self, people: Collection[int], day: date) -> Facts:
        """Of the skills only the one that is wanted."""
        return Facts(people, day, day, {self.wanted.skill} - {""})

    def _fits(self, facts: Facts, person: int, day: date) -> bool:
        """Whether the person would count there: skill, grade, gender."""
        stands = (next(iter(self.wanted.activities), 0), next(iter(self.wanted.posts), None))
        return fits(facts.stander(person, stands, day), self.wanted)

    def free(self, most: int = 20) -> list[Offer]:
        """Everybody who is off, counts there and stays legal."""
        if not self.shift or not self.people:
            return []
        desk = self.desk
        found = desk.free(self._gap_shift, self._number, most=len(self.people))
        offers = [self._offer(each) for each in found if self._fits(self.facts, int(each.person), self.day)]
        return sorted(offers, key=lambda one: (not one.own, one.cost, one.person.last_name))[:most]

    def excluded(self) -> list[tuple[Person, str]]:
        """Who of the gap's own unit is off that day but cannot come, and why not (staff-roster 12.2)."""
        if not self.shift or not self.people:
            return []
        shift = self.problem.by_id[self._gap_shift]
        found = []
        for pk in sorted(self.own & set(self.people)):
            if not self.desk.is_off(str(pk), self._number):
                continue
            judged = self.desk.standing(str(pk)).judge(self._number, shift)
            if not judged.allowed:
                found.append((self.people[pk], judged.sentence))
            elif not self._fits(self.facts, pk, self.day):
                found.append((self.people[pk], "has not the skill or grade that is needed there"))
        return found

    def replans(self, most: int = 5) -> list[Offer]:
        """One colleague's days written anew around the gap. Only for a unit, whose demand says what else suffers."""
        if not self.shift or not self.coverage.unit or not self.people:
            return []
        desk = self.desk
        found = desk.replans(self._gap_shift, self._number, most=len(self.people), changed_day=CHANGED_DAY)
        able = [each for each in found if int(each.person) in self.own and len(each.changes) > 1]
        able = [each for each in able if self._fits(self.facts, int(each.person), self.day)]
        return [self._offer(each) for each in able[:most]]

    def _offer(self, found: Candidate) -> Offer:
        person = self.people[int(found.person)]
        changes = tuple(
            (on, self.plan.get((person.pk, on), EMPTY), self._meaning[one.after])
            for one in found.changes
            for on in [self.first + timedelta(days=one.day)]
        )
        if len(changes) == 1:
            against = found.sentence.partition("to bear in mind: ")[2]
            words = f"{person.name} has the day off and may work {self.catalogue.words(self.shift)}; "
            words += f"to bear in mind: {against}" if against else "nothing speaks against it"
        else:
            said = (
                f"{on:%A} {on.day} {on:%B} {self._short(after)} instead of {self._short(before)}"
                for on, before, after in changes
            )
            words = f"{person.name} with {len(changes)} changed days: {', '.join(said)}"
        return Offer(person, person.pk in self.own, found.cost, words, changes)

    def _short(self, day: Day) -> str:
        return "/".join(self.catalogue.codes(day)) or "a day off"

    # The problem in the optimiser's words

    @property
    def _number(self) -> int:
        return (self.on - self.first).days

    @cached_property
    def desk(self) -> CoverDesk:
        problem = self.problem  # first: the rules ask about the shifts that are met in it
        for shift, name in self._names.items():
            self.checker.shifts.renamed(shift, name)
        rules = self.checker.rules(self.checker.books(next(iter(self.people)))[0])
        return CoverDesk(problem, rules, self._assignment, today=self._number)

    @cached_property
    def problem(self) -> Problem:
        self._names: dict[Shift, str] = {OFF: ""}
        self._meaning: dict[str, Day] = {"": EMPTY}
        off_on = {number: name for number, day in enumerate(self.days) if (name := self._name(EMPTY, day))}
        self._off = {"", *off_on.values()}
        self._gap_shift = self._name(self.shift, self.on)
        self._assignment: Assignment = {
            str(pk): tuple(self._stands(pk, day) for day in self.days) for pk in self.people
        }
        people = tuple(self._planned(pk) for pk in self.people)
        shifts = tuple(replace(shift, id=name) for shift, name in self._names.items() if name)
        missing = Demand(self._number, (Need(1, MISSING),), shift=self._gap_shift, name="The gap")
        return Problem(self.checker.calendar, shifts, people, (*self._demand(), missing), off_on=off_on)

    def _stands(self, person: int, day: date) -> str:
        whole = self.plan.get((person, day), EMPTY)
        return self._name(whole, day, self.checker.standard(person), self._here.get((person, day), ()))

    @cached_property
    def _in_unit(self) -> list[Booking]:
        """Everybody who is on duty in the gap's own unit around the day."""
        if not (unit := self.coverage.unit):
            return []
        posts, after = unit_posts(unit.establishment), self.last + timedelta(days=1)
        return by_unit(may_stand_in(unit, posts, self.first, after, self.catalogue), posts)[unit.pk]

    @cached_property
    def _here(self) -> dict[Key, list[Content]]:
        found: dict[Key, list[Content]] = defaultdict(list)
        for each in self._in_unit:
            found[each.person, each.on].append(each.content)
        return found

    def _planned(self, pk: int) -> Planned:
        """As the rule book knows them, with their band as a group. Every booking but a rest day is locked, every day
        with overtime, and where somebody works elsewhere.
        """
        band = self.facts.grade(pk, self.on)[1]
        extra = {number for number, day in enumerate(self.days) if (pk, day) in self.checker.extra}
        locked = {
            number: name
            for number, name in enumerate(self._assignment[str(pk)])
            if number in extra or (name not in self._off and not self._is_work(name)) or name in self._elsewhere
        }
        groups, allowed = frozenset({f"band {band}"}), frozenset(self._meaning) - self._elsewhere
        return replace(self.checker.members[pk], groups=groups, allowed=allowed, locked=locked)

    def _is_work(self, name: str) -> bool:
        return bool(self._meaning[name].shifts) and self._meaning[name].status is None

    def _demand(self) -> Iterable[Demand]:
        others = [each for each in self._in_unit if each.person not in self.people]
        return needs(self.coverage.unit, self.first, self.last, others) if self.coverage.unit else ()

    @cached_property
    def _elsewhere(self) -> frozenset[str]:
        """Names of shifts that are not, or not wholly, worked in the gap's own unit."""
        return frozenset(name for shift, name in self._names.items() if shift.away)

    def _name(self, day: Day, on: date, standard: int = 0, here: Iterable[Content] | None = None) -> str:
        """One id for each shift: where two have the same code, the later is numbered."""
        shift = self.checker.shifts.of(day, on, standard)
        if here is not None and self.coverage.unit:
            shift = away(shift, here)
        if shift not in self._names:
            used = set(self._names.values())
            names = (shift.id if number == 1 else f"{shift.id} ({number})" for number in range(1, 10_000))
            self._names[shift] = next(name for name in names if name not in used)
            self._meaning[self._names[shift]] = day
        return self._names[shift]
