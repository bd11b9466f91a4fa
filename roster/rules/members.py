"""What rules ask of people, read for many at once: contracts, skills, units, personal rules, registers, exceptions."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from optimiser.parameters import BadParameter, converted
from optimiser.problem import Person as Planned
from optimiser.rules import all_rules
from optimiser.rules.personal import Personal
from roster.establishment.models import Contract, Establishment, Membership, Person, PersonalRule, SkillHeld
from roster.rules.models import HazardPost, NightAssessment, OptOut, RuleException
from roster.timeline.days import span_of_days

EVER = 4000
"""Days after which a skill's end no longer matters."""
NIGHT_HEALTH = "night health"


@dataclass(frozen=True)
class Member(Planned):
    """A person of the optimiser whose skills may also begin or pause within the days, each a list of day ranges."""

    held: Mapping[str, tuple[range, ...]] = field(default_factory=dict)

    def has_skill(self, skill: str, day: int) -> bool:
        return any(day in days for days in self.held.get(skill, ()))


@dataclass(frozen=True)
class Posts:
    """Posts that rules ask about: skills needed by number of post, and those with a declared hazard."""

    names: Mapping[int, str]
    skills: Mapping[int, frozenset[str]]
    hazards: frozenset[int]


def posts(first: date, last: date) -> Posts:
    hazards = list(HazardPost.objects.during(first, last).select_related("post"))
    post: Any = HazardPost._meta.get_field("post").related_model
    skills: dict[int, set[str]] = defaultdict(set)
    names = {row.post_id: row.post.name for row in hazards}
    for pk, name, code in post.objects.exclude(skills=None).values_list("pk", "name", "skills__code"):
        names[pk] = name
        skills[pk].add(code)
    needed = {pk: frozenset(codes) for pk, codes in skills.items()}
    return Posts(names, needed, frozenset(row.post_id for row in hazards))


class Facts:
    """All that is asked of these people between two days, in a handful of queries."""

    def __init__(self, people: Collection[int], first: date, last: date) -> None:
        self.first, self.last, self.people = first, last, people
        self.days = span_of_days(first, last)
        self.contracts = self._contracts()
        self.exceptions = self._exceptions()
        self.opt_outs = self._opt_outs()
        self.left = dict(
            Person.objects.filter(pk__in=people).order_by("pk").values_list("pk", "left_on")
        )  # also says who exists
        self.memberships = self._memberships()
        self.skills = self._skills()
        self.personal = self._personal()

    def number(self, day: date) -> int:
        return (day - self.first).days

    def standard(self, person: int) -> int:
        """Minutes of a usual day by contract."""
        found = self.contracts[person]
        return round(found[0].weekly_minutes / float(found[0].days_per_week)) if found and found[0].days_per_week else 0

    def establishment(self, person: int) -> Establishment | None:
        """Whose rule book holds: that of the main unit, on the first day with one."""
        rows = sorted(self.memberships[person], key=lambda row: (row.priority, row.valid.lower or date.min))
        return rows[0].unit.establishment if rows else None

    def member(self, pk: int, **fields: Any) -> Member:
        held = self.skills[pk]
        return Member(
            id=str(pk),
            skills={skill: None if days[-1].stop > EVER else days[-1].stop - 1 for skill, days in held.items()},
            held=held,
            hours=self._hours(pk),
            allowed_on={day: frozenset() for day in self._outside(pk)},
            days_off=self._days_off(pk),
            **fields,
        )

    def permitted(self, person: int, rule: str, days: Collection[date]) -> RuleException | None:
        """The exception that permits a breach on all of these days."""
        for row in self.exceptions[person]:
            if row.rule == rule and days and all(row.holds_on(day) for day in days):
                return row
        return None

    def parameters(self, person: int) -> dict[str, dict[str, Any]]:
        """Personal parameters of rules: what was agreed, and a signed opt-out."""
        found = {rule: dict(values) for rule, values in self.personal[person].items()}
        for row in self.opt_outs[person]:
            if row.signed_on > self.last or (row.last_day is not None and row.last_day < self.first):
                continue
            if row.last_day is None and row.signed_on <= self.first:
                found["WeeklyAverage"] = {"level": "off"}
            elif row.signed_on <= self.first and row.last_day is not None:
                found["WeeklyAverage"] = {"opted_out_until": self.number(row.last_day)}
        return found

    def opted_out(self, person: int, day: date) -> bool:
        return any(row.holds_on(day) for row in self.opt_outs[person])

    def _contracts(self) -> dict[int, list[Contract]]:
        found: dict[int, list[Contract]] = defaultdict(list)
        for row in Contract.objects.during(self.first, self.last).filter(person__in=self.people).order_by("valid"):
            found[row.person_id].append(row)
        return found

    def _hours(self, pk: int) -> int:
        """Minutes a week, on average over these days: somebody may join, or change hours, in the middle of them."""
        share = sum(row.weekly_minutes * sum(map(row.holds_on, self.days)) for row in self.contracts[pk])
        return round(share / len(self.days))

    def _days_off(self, pk: int) -> frozenset[int]:
        """A part-timer's days that are not agreed (R-057)."""
        rows = [row for row in self.contracts[pk] if row.agreed_days]
        return frozenset(
            number
            for number, day in enumerate(self.days)
            if any(row.holds_on(day) and day.weekday() not in row.agreed_days for row in rows)
        )

    def _memberships(self) -> dict[int, list[Membership]]:
        found: dict[int, list[Membership]] = defaultdict(list)
        rows = Membership.objects.during(self.first, self.last).filter(person__in=self.people)
        for row in rows.select_related("unit__establishment"):
            found[row.person_id].append(row)
        return found

    def _outside(self, pk: int) -> list[int]:
        """The days on which a person is in no unit at all."""
        left = self.left.get(pk)
        rows = self.memberships[pk]
        return [
            n
            for n, day in enumerate(self.days)
            if not any(row.holds_on(day) for row in rows) or (left is not None and day > left)
        ]

    def _skills(self) -> dict[int, dict[str, tuple[range, ...]]]:
        found: dict[int, dict[str, list[range]]] = defaultdict(lambda: defaultdict(list))
        rows = SkillHeld.objects.during(self.first, self.last).filter(person__in=self.people)
        for person, skill, valid in rows.values_list("person", "skill__code", "valid"):
            start = self.number(valid.lower) if valid.lower else -EVER
            stop = self.number(valid.upper) if valid.upper else EVER + 1
            found[person][skill].append(range(max(start, -EVER), min(stop, EVER + 1)))
        for each in NightAssessment.objects.filter(person__in=self.people, due_on__gte=self.first):
            days = range(self.number(each.done_on), self.number(each.due_on) + 1)
            found[each.person_id][NIGHT_HEALTH].append(days)
        ordered = {
            pk: {skill: tuple(sorted(days, key=lambda each: each.stop)) for skill, days in listed.items()}
            for pk, listed in found.items()
        }
        return defaultdict(dict, ordered)

    def _personal(self) -> dict[int, dict[str, dict[str, Any]]]:
        found: dict[int, dict[str, dict[str, Any]]] = defaultdict(dict)
        known = all_rules()
        rows = PersonalRule.objects.during(self.first, self.last).filter(person__in=self.people)
        for row in rows.order_by("valid"):
            if row.rule not in known:
                continue
            try:
                values = converted(known[row.rule], row.parameters, lambda text: self.number(date.fromisoformat(text)))
            except BadParameter:
                continue  # the form refuses such rows; an imported one must not stop a board
            mine = found[row.person_id]
            if row.rule == "Personal":
                values = self._while_valid(row, values)
            if row.rule == "Personal" and row.rule in mine:
                mine[row.rule]["others"] = (*mine[row.rule].get("others", ()), Personal(**values))
            else:
                mine[row.rule] = values
        return found

    def _while_valid(self, row: PersonalRule, values: dict[str, Any]) -> dict[str, Any]:
        """A personal rule that begins or ends within the days holds only then."""
        if row.first_day and row.first_day > self.first:
            values.setdefault("first", self.number(row.first_day))
        if row.last_day and row.last_day < self.last:
            values.setdefault("last", self.number(row.last_day))
        return values

    def _opt_outs(self) -> dict[int, list[OptOut]]:
        found: dict[int, list[OptOut]] = defaultdict(list)
        for row in OptOut.objects.filter(person__in=self.people):
            found[row.person_id].append(row)
        return found

    def _exceptions(self) -> dict[int, list[RuleException]]:
        found: dict[int, list[RuleException]] = defaultdict(list)
        rows = RuleException.objects.during(self.first, self.last).filter(person__in=self.people)
        for row in rows.select_related("permitted_by"):
            found[row.person_id].append(row)
        return found
