"""How long the invented staff of all six regions take: 30,000 people with 12 weeks of duties (goal: under 10 min).

    DATABASE_URL=... python bench/roster_generate.py [people] [--write]

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

from foundation import clock  # noqa: E402
from foundation.testing import database  # noqa: E402
from roster.management.commands.generate import duties, generate  # noqa: E402
from roster.management.commands.seed import seed  # noqa: E402

SEED, WEEKS, REGIONS = 1, 12, range(1, 7)
RESULTS = ROOT / "bench" / "results" / "roster_generate.md"


def region(number: int, people: int) -> tuple[int, int, float, float]:
    """One cell: people, days of duties, and the seconds of each."""
    name = f"bench_generate_{number}_{os.getpid()}"
    database.create(name)
    settings.REGION = number
    try:
        with database.connected_to(name, role=settings.DATABASE_APP_ROLE):
            seed()
            since = time.perf_counter()
            made = generate(SEED, people)
            then = time.perf_counter()
            days = duties(WEEKS)
            found = made, days, then - since, time.perf_counter() - then
    finally:
        database.drop(name)
    print(line(number, *found), flush=True)
    return found


def line(name: object, made: int, days: int, people: float, weeks: float) -> str:
    return f"| {name} | {made:,} | {days:,} | {people:.0f} | {weeks:.0f} |"


def main() -> None:
    people = next((int(each) for each in sys.argv[1:] if each.isdigit()), 30_000)
    head = "| region | people | days of duties | s for people | s for duties |\n|---|--:|--:|--:|--:|"
    print(head, flush=True)
    found = [region(number, people) for number in REGIONS]
    total = line("all", *(sum(column) for column in zip(*found, strict=True)))
    used = os.times()
    words = (
        f"{clock.today()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; "
        f"processor time of this process {used.user + used.system:.0f} s, PostgreSQL's beside it"
    )
    print(total, words, sep="\n")
    if "--write" in sys.argv:
        lines = "\n".join(line(n, *one) for n, one in zip(REGIONS, found, strict=True))
        title = "# Invented staff of all regions, with 12 weeks of duties"
        RESULTS.write_text(f"{title}\n\n{words}\n\n{head}\n{lines}\n{total}\n")


if __name__ == "__main__":
    main()
