"""The example demand of one residential unit of 180 places, and the posts of an establishment (staff-roster 7.3)."""

from datetime import date
from typing import Any

from django.db import transaction

from roster.activities.models import Activity
from roster.demand.models import DayType, Post, Requirement
from roster.establishment.models import Establishment, PlanningUnit, Skill

FROM = date(2020, 1, 1)
WEEK, WEEKEND = [DayType.WEEKDAY, DayType.FRIDAY], [DayType.SATURDAY, DayType.SUNDAY]
EVERY = [*WEEK, *WEEKEND]

UNIT: list[tuple[str, str, str, list[DayType], int, int]] = [
    ("Roll check", "07:30", "07:45", EVERY, 2, 2),
    ("Unlock and work", "07:45", "12:00", WEEK, 5, 6),
    ("Unlock", "07:45", "12:00", WEEKEND, 4, 4),
    ("Patrol", "12:00", "13:45", EVERY, 2, 2),
    ("Afternoon regime", "13:45", "17:15", WEEK, 5, 6),
    ("Afternoon", "13:45", "17:15", WEEKEND, 4, 4),
    ("Evening association", "17:15", "19:00", WEEK, 3, 4),
    ("Evening", "17:15", "19:00", WEEKEND, 2, 2),
    ("Lock-up and patrol", "19:00", "20:45", EVERY, 2, 2),
    ("Night patrol", "20:45", "31:30", EVERY, 1, 1),
]
"""Name, from, to, day types, minimum and target of officers."""
SENIOR = [("07:45", "12:00", EVERY), ("13:45", "17:15", WEEK)]
"""When one supervising officer is wanted too."""

POSTS: list[tuple[str, str, str, int, int, str]] = [
    ("OO", "Orderly Officer", "Orderly Officer (1)", 1, 1, ""),
    ("CTRL", "Control room", "Control Room", 2, 1, "CTRL"),
    ("GATE", "Gate", "Gate", 2, 1, "GATE"),
    ("RECP", "Reception", "Reception", 2, 0, ""),
    ("VIS", "Visits", "Visits", 6, 0, ""),
    ("SEG", "Segregation", "Seg Duties", 3, 1, "SEG"),
]
"""Code, name, activity, people by day and by night, skill that is needed."""
ALONGSIDE = [("First aider", "FA", 1, 1), ("C&R trained", "CR", 6, 3)]


def seed() -> None:
    """Demand belongs to each establishment: nothing is national."""


def seconds(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 3600 + int(minutes) * 60


@transaction.atomic
def residential(unit: PlanningUnit, places: int = 180, *, senior: bool = True) -> None:
    """The example unit, or one of another size; again changes nothing. ``senior``: with its supervising officer."""
    if unit.requirements.exists():
        return

    def scaled(number: int) -> int:
        return max(1, round(number * places / 180))

    common: dict[str, Any] = {"establishment": unit.establishment, "unit": unit, "valid": (FROM, None)}
    for name, start, end, days, least, most in UNIT:
        minimum, target = scaled(least), scaled(most)
        Requirement.objects.create(
            name=name, start=seconds(start), end=seconds(end), day_types=days, target=target, minimum=minimum,
            reduced=max(1, minimum - 1), essential=max(1, minimum // 2), highest_band=3, **common,
        )  # fmt: skip
    for start, end, days in SENIOR if senior else []:
        Requirement.objects.create(
            name="Supervising officer", start=seconds(start), end=seconds(end), day_types=days, target=1, minimum=1,
            reduced=0, essential=0, lowest_band=4, **common,
        )  # fmt: skip


@transaction.atomic
def establishment_posts(establishment: Establishment) -> None:
    """Gate, control room and the others, with who must be somewhere in the prison; again changes nothing."""
    if Requirement.objects.of(establishment).exists():
        return
    common: dict[str, Any] = {"establishment": establishment, "valid": (FROM, None)}
    for code, name, activity, day, night, skill in POSTS:
        post, made = Post.objects.get_or_create(
            establishment=establishment, code=code,
            defaults={"name": name, "activity": Activity.objects.get(name=activity)},
        )  # fmt: skip
        if made and skill:
            post.skills.add(Skill.objects.get(code=skill))
        days = WEEK if code == "RECP" else EVERY
        for people, start, end in ((day, "07:30", "20:45"), (night, "20:45", "31:30")):
            if people:
                Requirement.objects.create(
                    name=name, post=post, skill=Skill.objects.filter(code=skill).first(), start=seconds(start),
                    end=seconds(end), day_types=days, target=people, minimum=people, reduced=max(1, people - 1),
                    essential=1, **common,
                )  # fmt: skip
    for name, code, day, night in ALONGSIDE:
        for people, start, end in ((day, "07:30", "20:45"), (night, "20:45", "31:30")):
            Requirement.objects.create(
                name=name, skill=Skill.objects.get(code=code), start=seconds(start), end=seconds(end), alongside=True,
                day_types=EVERY, target=people, minimum=people, reduced=people, essential=max(1, people // 2), **common,
            )  # fmt: skip
