"""How long the invented staff of all six regions take: 30,000 people (goal with 12 weeks of duties: under 10 min).

    DATABASE_URL=... python bench/roster_generate.py [people]

DATABASE_URL is that of the owner of a server. Each region is a cell with a database of its own, made and dropped here.
Results: bench/results/roster_generate.md.
"""

import os
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ["SERVICE"] = "roster"
os.environ["DJANGO_SETTINGS_MODULE"] = "roster.settings"
os.environ.setdefault("LOCAL", "yes")

import django  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402

from foundation.testing import database  # noqa: E402
from roster.establishment.models import Contract, Membership, Person, RoleHeld, SkillHeld  # noqa: E402
from roster.management.commands.generate import generate  # noqa: E402
from roster.management.commands.seed import seed  # noqa: E402

SEED, REGIONS = 1, range(1, 7)


def region(number: int, people: int) -> tuple[int, float]:
    """One cell: people made, and seconds. Twelve weeks of duties will be inserted here, after the people."""
    name = f"bench_generate_{number}_{os.getpid()}"
    database.create(name)
    settings.REGION = number
    try:
        with database.connected_to(name, role=settings.DATABASE_APP_ROLE):
            seed()
            since = time.perf_counter()
            made = generate(SEED, people)
            took = time.perf_counter() - since
            rows = sum(kind._default_manager.count() for kind in (Person, Contract, Membership, SkillHeld, RoleHeld))
    finally:
        database.drop(name)
    print(f"| {number} | {made} | {rows} | {took:.1f} |", flush=True)
    return made, took


def main() -> None:
    people = int(sys.argv[1]) if len(sys.argv) > 1 else 30_000
    print("| region | people | rows | seconds |\n|---|---|---|---|")
    found = [region(number, people) for number in REGIONS]
    print(f"| all | {sum(made for made, _ in found)} | | {sum(took for _, took in found):.1f} |")


if __name__ == "__main__":
    main()
