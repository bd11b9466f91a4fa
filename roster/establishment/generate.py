"""Invented staff of a prison, of any number: units, people, grades, contracts, skills, managers, roles.

The same seed gives the same people. They are made in memory and inserted set by set, so that 30,000 take a minute or
two. Shares of grades follow the headline figures of the workforce statistics ; names are invented.
"""

import csv
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from django.db import models, transaction

from roster.establishment.models import (
    Contract,
    Establishment,
    Grade,
    GradeHeld,
    LineManager,
    Membership,
    Person,
    PersonalRule,
    PlanningUnit,
    RoleHeld,
    Skill,
    SkillHeld,
)
from roster.establishment.seeds import listed_everywhere

NAMES = Path(__file__).parents[1] / "data" / "names.csv"
BATCH = 5_000
NUMBERS_EACH = 10_000
"""Staff numbers that an establishment may use: its place in the national list decides the first."""
SHARES = {"GOV": 0.003, "HOF": 0.017, "CM": 0.055, "SPEC": 0.04, "SO": 0.09, "OSG": 0.19}
"""Share of each grade; the others are officers (OFF)."""
RESIDENTIAL_SIZE, RESIDENTIAL_SHARE = 26, 0.62
OFFICER_UNITS = [
    ("Operations", "Operations", 0.14), ("Visits and Reception", "Operations", 0.08),
    ("Security and Search", "Security", 0.08), ("Segregation", "Residential", 0.04),
    ("Activities", "Reducing reoffending", 0.04),
]  # fmt: skip
"""Where officers who do not work on the wings belong: unit, function, share."""
STAFF_UNITS = {
    "OSG": ("OSG", "Operations"), "SO": ("Supervising Officers", "Residential"),
    "SPEC": ("Specialists", "Reducing reoffending"), "CM": ("Custodial Managers", "Operations"),
    "HOF": ("Senior Managers", "Operations"), "GOV": ("Senior Managers", "Operations"),
}  # fmt: skip
SKILLS: dict[str, list[tuple[str, float]]] = {
    "OSG": [("GATE", 0.6), ("CTRL", 0.4), ("FA", 0.15), ("DRV", 0.1)],
    "OFF": [("CR", 0.97), ("SPEAR", 0.95), ("FA", 0.2), ("FIRE", 0.5), ("SRCH", 0.4), ("CHK", 0.5), ("SEG", 0.12),
            ("ACCT", 0.15), ("DRV", 0.1), ("TASER", 0.03)],
    "SPEC": [("CR", 0.95), ("SPEAR", 0.95), ("FA", 0.5), ("DOG", 0.3)],
    "SO": [("CR", 0.97), ("SPEAR", 0.95), ("FA", 0.3), ("FIRE", 0.7), ("SRCH", 0.5), ("CHK", 0.6), ("ACCT", 0.7),
           ("NIGHT", 0.8), ("SEG", 0.2), ("NEG", 0.1)],
    "CM": [("CR", 0.9), ("FIRE", 0.8), ("INC", 0.95), ("NIGHT", 0.9), ("ACCT", 0.7), ("NEG", 0.2)],
    "HOF": [("INC", 0.9), ("NEG", 0.1)],
    "GOV": [("INC", 1.0)],
}  # fmt: skip
RULES = [({"nights": False}, "health"), ({"longest": 600}, "phased"), ({"earliest": 540, "latest": 1080}, "care")]


@dataclass
class Made:
    """Rows that wait to be inserted, kind by kind."""

    rows: dict[type[models.Model], list[Any]] = field(default_factory=lambda: defaultdict(list))

    def add(self, row: models.Model) -> Any:
        self.rows[type(row)].append(row)
        return row


@transaction.atomic
def populate(establishment: Establishment, headcount: int, *, seed: int, today: date) -> int:
    """Invented staff of one establishment; none where it has people already. How many were made."""
    first = _first_number(establishment.code)
    numbers = f"{first:08}", f"{first + NUMBERS_EACH - 1:08}"
    if not headcount or Person.objects.filter(staff_number__range=numbers).exists():
        return 0
    chance = Random(f"{seed} {establishment.code}")
    grades = {grade.code: grade for grade in Grade.objects.all()}
    catalogue = {skill.code: skill for skill in Skill.objects.all()}
    units = _units(establishment, headcount)
    made = Made()
    by_grade: dict[str, list[Person]] = defaultdict(list)
    by_unit: dict[PlanningUnit, list[Person]] = defaultdict(list)
    for number, grade in enumerate(_grades(headcount), first):
        person = made.add(_person(number, grade, chance, today))
        unit = _pick(units[grade], chance)
        _belongs(person, unit, units["OFF"] if grade == "OFF" else [], chance, today, made)
        _graded(person, grade, grades, chance, today, made)
        _contracted(person, grade, chance, made)
        _skilled(person, [(catalogue[code], share) for code, share in SKILLS[grade]], chance, today, made)
        by_grade[grade].append(person)
        by_unit[unit].append(person)
    _managed(by_grade, by_unit, made)
    _entitled(establishment, by_grade, today, made)
    for kind in (Person, Membership, GradeHeld, Contract, SkillHeld, LineManager, PersonalRule, RoleHeld):
        kind._default_manager.bulk_create(made.rows[kind], batch_size=BATCH)
    return headcount


def headcounts(region: int, people: int) -> dict[str, int]:
    """How many of so many people in all regions each establishment of this region has, by code."""
    rows = listed_everywhere()
    column = "ESTIMATE_demo_headcount_30000"
    total = sum(int(row[column] or 0) for row in rows)
    return {
        row["prison_id"]: round(int(row[column] or 0) * people / total)
        for row in rows
        if row["csr_region"] == str(region)
    }


def _first_number(code: str) -> int:
    """Staff numbers are national: every establishment has a stretch of its own."""
    return (1 + [row["prison_id"] for row in listed_everywhere()].index(code)) * NUMBERS_EACH


def user_name(number: int) -> str:
    """A Quantum ID as people know them, such as QKT14F. Numbers that differ give names that differ."""
    rest = number * 514_229 % (26**3 * 100)  # a step that shares no factor with it: all names come once
    rest, digits = divmod(rest, 100)
    letters = [chr(ord("A") + rest // 26**power % 26) for power in range(3)]
    return f"Q{letters[0]}{letters[1]}{digits:02}{letters[2]}"


@cache
def names(kind: str) -> list[str]:
    """Common first names (female, male) and last names, to be put together by chance."""
    with NAMES.open(newline="", encoding="utf-8") as file:
        return [row["name"] for row in csv.DictReader(file) if row["kind"] == kind]


def _grades(headcount: int) -> list[str]:
    """One grade for each person, the highest first; a governor and a custodial manager at least where many work."""
    counts = {grade: max(round(headcount * share), int(headcount >= 40)) for grade, share in SHARES.items()}
    listed = [grade for grade, count in counts.items() for _ in range(count)][:headcount]
    return listed + ["OFF"] * (headcount - len(listed))


def _units(establishment: Establishment, headcount: int) -> dict[str, list[tuple[PlanningUnit, float]]]:
    """Planning units by grade, each with the share of people that it takes."""
    functions = {one.name: one for one in establishment.functions.all()}
    short = establishment.name.removeprefix("HMP ").removeprefix("YOI ")[:24]

    def unit(name: str, function: str) -> PlanningUnit:
        found, _ = PlanningUnit.objects.get_or_create(
            establishment=establishment,
            name=f"{short} {name}",
            defaults={"abbreviation": name, "function": functions.get(function)},
        )
        return found

    wings = max(1, round(headcount * (1 - sum(SHARES.values())) * RESIDENTIAL_SHARE / RESIDENTIAL_SIZE))
    officers = [
        (unit(f"Residential {number}", "Residential"), RESIDENTIAL_SHARE / wings) for number in range(1, wings + 1)
    ]
    officers += [(unit(name, function), share) for name, function, share in OFFICER_UNITS]
    others = {grade: [(unit(*named), 1.0)] for grade, named in STAFF_UNITS.items()}
    return {"OFF": officers, **others}


def _pick(shares: Sequence[tuple[Any, float]], chance: Random) -> Any:
    return chance.choices([each for each, _ in shares], [share for _, share in shares])[0]


def _person(number: int, grade: str, chance: Random, today: date) -> Person:
    gender = Person.Gender.FEMALE if chance.random() < 0.4 else Person.Gender.MALE
    first = chance.choice(names(gender.label.lower()))
    last = chance.choice(names("last"))
    least = {"OSG": 0, "OFF": 0}.get(grade, 5)
    return Person(
        staff_number=f"{number:08}",
        user_name=user_name(number),
        first_name=first,
        last_name=last,
        email=f"{first}.{last}{number % 10_000}@prison.example".lower(),
        mobile=f"07700900{number % 1000:03}",  # kept free for invented people
        gender=gender,
        service_from=today - timedelta(days=chance.randint(365 * least + 30, 365 * (least + 22))),
        may_be_called=chance.random() < 0.3,
    )


def _belongs(
    person: Person,
    unit: PlanningUnit,
    others: list[tuple[PlanningUnit, float]],
    chance: Random,
    today: date,
    made: Made,
) -> None:
    """The main unit; some have moved within the last year, some help in another one."""
    since = person.service_from
    if others and chance.random() < 0.08:
        moved, before = today - timedelta(days=chance.randint(1, 360)), _pick(others, chance)
        if before != unit and moved > since:
            made.add(Membership(person=person, unit=before, priority=1, valid=(since, moved)))
            since = moved
    made.add(Membership(person=person, unit=unit, priority=1, valid=(since, None)))
    second = _pick(others, chance) if others and chance.random() < 0.1 else unit
    if second != unit:
        made.add(Membership(person=person, unit=second, priority=chance.randint(2, 5), valid=(today, None)))


def _graded(person: Person, grade: str, grades: dict[str, Grade], chance: Random, today: date, made: Made) -> None:
    """Above an officer everybody was an officer first."""
    since = person.service_from
    if grade not in {"OSG", "OFF"}:
        promoted = since + (today - since) * chance.uniform(0.3, 0.9)
        made.add(GradeHeld(person=person, grade=grades["OFF"], valid=(since, promoted)))
        since = promoted
    made.add(GradeHeld(person=person, grade=grades[grade], valid=(since, None)))


def _contracted(person: Person, grade: str, chance: Random, made: Made) -> None:
    full = chance.choices([37, 39, 41], [70, 18, 12])[0] if grade not in {"OSG", "HOF", "GOV"} else 37
    days = chance.choices([5, 4, 3], [88, 6, 6])[0]
    agreed = sorted(chance.sample(range(7), days)) if days < 5 else []
    made.add(
        Contract(
            person=person, weekly_minutes=full * 60 * days // 5, fte=days / 5, days_per_week=days, agreed_days=agreed,
            valid=(person.service_from, None),
        )
    )  # fmt: skip
    if chance.random() < 0.03:
        parameters, reason = chance.choice(RULES)
        made.add(
            PersonalRule(
                person=person, rule="Personal", parameters=parameters, reason=reason, valid=(person.service_from, None)
            )
        )


def _skilled(person: Person, usual: list[tuple[Skill, float]], chance: Random, today: date, made: Made) -> None:
    """Trained some time ago, so that a few are about to expire."""
    for skill, share in usual:
        if chance.random() >= share:
            continue
        days = (skill.months or 120) * 365 // 12
        trained = max(person.service_from, today - timedelta(days=chance.randint(0, days)))
        until = trained + timedelta(days=days) if skill.months else None
        level = chance.choice(skill.levels) if skill.levels else ""
        made.add(SkillHeld(person=person, skill=skill, level=level, valid=(trained, until)))


def _managed(by_grade: dict[str, list[Person]], by_unit: dict[PlanningUnit, list[Person]], made: Made) -> None:
    """Officers of a unit share a supervising officer; above, in turns."""
    above: dict[str, list[str]] = {
        "OFF": ["SO", "CM"], "OSG": ["SO", "CM"], "SPEC": ["CM"], "SO": ["CM"], "CM": ["HOF"], "HOF": ["GOV"],
    }  # fmt: skip
    grade_of = {id(person): grade for grade, people in by_grade.items() for person in people}
    for number, people in enumerate(by_unit.values()):
        for place, person in enumerate(people):
            higher = next((by_grade[each] for each in above.get(grade_of[id(person)], []) if by_grade[each]), [])
            if higher:
                manager = higher[(number + place // 12) % len(higher)]
                since = max(person.service_from, manager.service_from)
                made.add(LineManager(person=person, manager=manager, valid=(since, None)))


def _entitled(establishment: Establishment, by_grade: dict[str, list[Person]], today: date, made: Made) -> None:
    """Who plans and who decides here: a detail office of three, a hub manager, line managers, the governors."""
    holders = [("DETAIL", by_grade["OSG"][:2] + by_grade["OFF"][:1]), ("HUB_MANAGER", by_grade["CM"][:1])]
    holders += [("LINE_MANAGER", by_grade["CM"][1:] + by_grade["SO"]), ("GOVERNOR", by_grade["GOV"] + by_grade["HOF"])]
    for role, people in holders:
        for person in people:
            valid = (person.service_from, None)
            made.add(RoleHeld(person=person, role=role, establishment=establishment, valid=valid))
