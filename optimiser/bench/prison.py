"""A made-up prison of any size under the whole rule book: staff with 17 weeks worked, ten shift types, demand.

python -m optimiser.bench.prison 240 > var/prison.json     (in the JSON form)

Of the contracted days a fifth is not worked, as the handbook plans (roster 7.4): leave 13 %, sickness 3.5 %, training
and the like 4 %. Demand asks for a little more than the rest can give: most targets and some of the minimum stay open.
With half of that absence nearly every post was filled and what a roster of 240 cost was about 70, a dozen wishes and
isolated days: 2 % of that is less than the smallest price, so that no gap could be told from another.
"""

import json
import random
import sys
from datetime import date, timedelta
from functools import cache
from typing import Any

from optimiser.files import Task, from_text

START = date(2027, 1, 4)
PAST = 119

SHIFTS: list[dict[str, Any]] = [
    {"id": "E", "start": "07:30", "end": "12:45"},
    {"id": "M", "start": "07:30", "end": "17:30", "breaks": [["12:30", "13:30"]]},
    {"id": "L", "start": "12:15", "end": "21:00", "breaks": [["17:00", "17:30"]]},
    {"id": "A", "start": "07:30", "end": "20:00", "breaks": [["12:30", "13:30"], ["17:00", "17:30"]]},
    {"id": "N", "start": "20:45", "end": "07:30"},
    {"id": "D", "start": "08:00", "end": "17:00", "breaks": [["12:00", "13:00"]]},
    {"id": "G", "start": "06:45", "end": "14:45", "breaks": [["10:30", "11:00"]]},
    {"id": "GL", "start": "13:30", "end": "21:15", "breaks": [["17:30", "18:00"]]},
    {"id": "V", "start": "09:00", "end": "17:00", "breaks": [["12:15", "13:00"]]},
    {"id": "S", "start": "07:15", "end": "16:15", "breaks": [["12:00", "13:00"]]},
    {"id": "AL", "kind": "leave", "minutes": 444},
    {"id": "SICK", "kind": "sick", "minutes": 444},
    {"id": "TR", "kind": "training", "start": "09:00", "end": "17:00", "breaks": [["12:30", "13:10"]]},
]
# (shift, share of the staff on a weekday, share at a weekend)
DEMAND = [
    ("E", 0.07, 0.03),
    ("M", 0.16, 0.10),
    ("L", 0.09, 0.06),
    ("A", 0.05, 0.08),
    ("N", 0.05, 0.05),
    ("D", 0.04, 0.00),
    ("G", 0.02, 0.02),
    ("GL", 0.02, 0.02),
    ("V", 0.03, 0.02),
    ("S", 0.03, 0.01),
]
WEEK = ("mon", "tue", "wed", "thu", "fri")
# Weeks of a rota, walked by everybody from a line of their own: legal by themselves.
ROTA = ["MMM..LL", "..LLL..", "NNNN...", ".MMMM..", "EE..MMM"]


def day(number: int) -> str:
    return (START + timedelta(days=number)).isoformat()


def form(staff: int, days: int, seed: int) -> dict[str, Any]:
    chance = random.Random(f"prison {staff} {days} {seed}")
    demand: list[dict[str, Any]] = []
    for shift, weekday, weekend in DEMAND:
        for weekdays, share in ((WEEK, weekday), (("sat", "sun"), weekend)):
            people = max(1 if share else 0, round(share * staff))
            needs = [{"people": people, "under": 100, "level": "minimum"}]
            if people > 2:
                needs.append({"people": people + max(1, people // 8), "under": 5, "level": "target"})
            demand.append({"shift": shift, "weekdays": list(weekdays), "needs": needs, "over": 2})
    return {
        "name": f"A prison of {staff}, seed {seed}",
        "start": day(0),
        "days": days,
        "bank_holidays": [day(-3)],
        "shifts": SHIFTS,
        "people": [person(chance, number, days) for number in range(staff)],
        "demand": demand,
        "rules": {
            "BreakInShift": {"in_post": ["N"]},
            "SkillValid": {"needs": [["S", "SEG"], ["G", "GATE"], ["GL", "GATE"]]},
        },
    }


def person(chance: random.Random, number: int, days: int) -> dict[str, Any]:
    hours = chance.choice([37, 37, 37, 39, 39, 41, 22.2])
    line = chance.randrange(len(ROTA))
    history = [ROTA[(line + week) % len(ROTA)][weekday] for week in range(PAST // 7) for weekday in range(7)]
    skills = {skill: None if chance.random() < 0.9 else day(chance.randrange(days)) for skill in skills_of(chance)}
    locked = {day(first): shift for first, shift in booked(chance, days).items()}
    one: dict[str, Any] = {
        "id": f"P{number + 1:03}",
        "hours": hours,
        "skills": skills,
        "history": [shift.replace(".", "") for shift in absent(chance, history)],
        "locked": locked,
        "groups": ["new officer"] if chance.random() < 0.12 else [],
        "requests": [
            {"day": day(when), "shift": chance.choice(["", "", "M", "L"]), "price": chance.randint(1, 10)}
            for when in sorted(chance.sample(range(days), 2))
            if day(when) not in locked
        ],
    }
    if chance.random() < 0.08:
        one["rules"] = {"Personal": {"nights": False}}
    if chance.random() < 0.2:
        one["rules"] = one.get("rules", {}) | {"WeeklyAverage": {"level": "off"}}
    return one


def skills_of(chance: random.Random) -> list[str]:
    return [skill for skill, share in (("SEG", 0.35), ("GATE", 0.3), ("FA", 0.4)) if chance.random() < share]


def absent(chance: random.Random, history: list[str]) -> list[str]:
    """Leave and sickness in the weeks already worked."""
    for first in range(0, PAST - 10, 30):
        if chance.random() < 0.4:
            kind, length = chance.choice([("AL", 7), ("AL", 5), ("SICK", 3)])
            start = first + chance.randrange(20)
            history[start : start + length] = [kind] * length
    return history


def booked(chance: random.Random, days: int) -> dict[int, str]:
    """What stands already: weeks of leave with their weekends off, single days of it, sickness, training."""
    found: dict[int, str] = {}
    for likely, shift in ((0.4, "TR"), (0.4, "TR"), (0.1, "AL")):
        if chance.random() < likely:
            found[working_day(chance, days)] = shift
    weeks = chance.choices([0, 1, 2], [50, 45, 5])[0]
    first = 7 * chance.randrange(days // 7 - 1)
    for when in range(first, first + 7 * weeks):
        found[when] = "AL" if when % 7 < len(WEEK) else ""
    kind = chance.random()
    if kind < 0.12:
        ill = working_day(chance, days)
        found |= dict.fromkeys(range(ill, min(days, ill + 3)), "SICK")
    elif kind < 0.13:
        found = {when: "SICK" if when % 7 < len(WEEK) else "" for when in range(days)}
    return found


def working_day(chance: random.Random, days: int) -> int:
    return 7 * chance.randrange(days // 7) + chance.randrange(len(WEEK))


@cache
def prison(staff: int, days: int = 28, seed: int = 1) -> Task:
    return from_text(json.dumps(form(staff, days, seed)))


if __name__ == "__main__":
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 240
    print(json.dumps(form(size, 28, int(sys.argv[2]) if len(sys.argv) > 2 else 1), indent=1))
