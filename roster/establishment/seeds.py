"""The organisation as every cell begins: its establishments, grades and skills. Again changes nothing.

Sources: data/establishments.csv (public list of codes and regions), staff-roster 4.3 and 4.4.
"""

import csv
from functools import cache
from pathlib import Path

from django.conf import settings
from django.db import transaction

from roster.establishment.models import Establishment, Function, Grade, Skill

LIST = Path(__file__).parents[1] / "data" / "establishments.csv"
FUNCTIONS = ["Residential", "Operations", "Security", "Reducing reoffending"]
GRADES = [
    ("OSG", "Operational support grade", 2, Grade.Scheme.OVERTIME),
    ("OFF", "Prison officer", 3, Grade.Scheme.PAYMENT_PLUS),
    ("SO", "Supervising officer", 4, Grade.Scheme.PAYMENT_PLUS),
    ("SPEC", "Officer specialist", 4, Grade.Scheme.PAYMENT_PLUS),
    ("CM", "Custodial manager", 5, Grade.Scheme.PAYMENT_PLUS),
    ("HOF", "Head of function", 7, Grade.Scheme.NONE),
    ("GOV", "Governor", 11, Grade.Scheme.NONE),
]
SKILLS: list[tuple[str, str, list[str], int | None]] = [
    ("CR", "Control and restraint refresher", ["basic", "advanced"], 12),
    ("SPEAR", "Personal safety", [], 12),
    ("FA", "First aid at work", ["EFAW", "FAW"], 36),
    ("FIRE", "Breathing set", [], 12),
    ("NEG", "Hostage negotiator", [], 24),
    ("INC", "Incident command", ["bronze", "silver"], 24),
    ("DOG", "Dog handler", ["patrol", "search"], 12),
    ("SRCH", "Search trained", [], 24),
    ("CTRL", "Control room", [], 12),
    ("GATE", "Gate and key issue", [], 12),
    ("DRV", "Escort driver", [], None),
    ("CHK", "Escort chain and bedwatch", [], 24),
    ("SEG", "Segregation trained", [], 24),
    ("ACCT", "Case manager or assessor", [], 36),
    ("TASER", "Local response team", [], 12),
    ("NIGHT", "In charge at night", [], 24),
]


@transaction.atomic
def seed() -> None:
    for code, title, band, scheme in GRADES:
        Grade.objects.get_or_create(code=code, defaults={"title": title, "band": band, "scheme": scheme})
    for code, name, levels, months in SKILLS:
        Skill.objects.get_or_create(code=code, defaults={"name": name, "levels": levels, "months": months})
    for row in listed(settings.REGION):
        establishment, made = Establishment.objects.get_or_create(
            code=row["prison_id"],
            defaults={
                "name": row["csr_plan_unit"] or row["client_table_name"],
                "kind": Establishment.Kind.PRISON if row["kind"] == "establishment" else Establishment.Kind.MULTI_SITE,
                "category": row["register_category"],
            },
        )
        if made:
            Function.objects.bulk_create(Function(establishment=establishment, name=name) for name in FUNCTIONS)


def listed(region: int) -> list[dict[str, str]]:
    """The rows of the list that belong to a region."""
    return [row for row in listed_everywhere() if row["csr_region"] == str(region)]


@cache
def listed_everywhere() -> list[dict[str, str]]:
    with LIST.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))
