"""How long the invented staff of all six regions take: 30,000 people with 12 weeks of duties (goal: under 10 min).

    DATABASE_URL=... python bench/roster_generate.py [people] [--write]

DATABASE_URL is that of the owner of a server. Each region is a cell with a database of its own, made and dropped here.
Afterwards each is looked at: nobody is in two places, every establishment has staff in proportion to the list, duties,
leave and sickness, and the rule book has nothing to say that blocks, of a sample of people. Results:
bench/results/roster_generate.md.
"""

import os
import sys
import time
from dataclasses import astuple, dataclass
from datetime import timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ["SERVICE"] = "roster"
os.environ["DJANGO_SETTINGS_MODULE"] = "roster.settings"
os.environ.setdefault("LOCAL", "yes")

import django  # noqa: E402

django.setup()

import psutil  # noqa: E402
from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402

from foundation import clock  # noqa: E402
from foundation.testing import database  # noqa: E402
from roster.absence.models import Sickness  # noqa: E402
from roster.establishment.generate import headcounts  # noqa: E402
from roster.establishment.models import Membership  # noqa: E402
from roster.management.commands.generate import duties, generate  # noqa: E402
from roster.management.commands.seed import seed  # noqa: E402
from roster.rules.check import Checker  # noqa: E402
from roster.timeline.days import published  # noqa: E402
from roster.timeline.models import Duty  # noqa: E402

SEED, WEEKS, REGIONS, SAMPLE = 1, 12, range(1, 7), 200
LARGE = 60
"""Of so many people somebody is ill within twelve weeks."""
RESULTS = ROOT / "bench" / "results" / "roster_generate.md"
COLUMNS = {
    "people": "people", "days": "days of duties", "rows": "rows", "megabytes": "MB", "people_s": "s for people",
    "duties_s": "s for duties", "processor_s": "s of processor", "leave": "days of leave", "sick": "days sick",
    "judged": "judged by the rule book", "blocked": "of them with a breach",
}  # fmt: skip


@dataclass
class Cell:
    """What one region took, and what is in it."""

    people: int
    days: int
    rows: int
    megabytes: int
    people_s: float
    duties_s: float
    processor_s: float
    leave: int
    sick: int
    judged: int
    blocked: int


def region(number: int, people: int) -> Cell:
    name = f"bench_generate_{number}_{os.getpid()}"
    database.create(name)
    settings.REGION = number
    try:
        with database.connected_to(name, role=settings.DATABASE_APP_ROLE):
            seed()
            before, since = processor(), time.perf_counter()
            made = generate(SEED, people)
            then = time.perf_counter()
            days = duties(WEEKS)
            took = then - since, time.perf_counter() - then, processor() - before
            cell = Cell(made, days, *stored(), *took, *looked_at(number, people))
            assert not cell.blocked, cell
            return cell
    finally:
        database.drop(name)


def processor() -> float:
    """Seconds that this process and its database session have had of a processor."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = psutil.Process(cursor.fetchone()[0]).cpu_times()
    return time.process_time() + float(backend.user + backend.system)


def stored() -> tuple[int, int]:
    """Rows of all tables, row history too, and megabytes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        rows = 0
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            rows += cursor.fetchone()[0]
        cursor.execute("SELECT pg_database_size(current_database())")
        return rows, cursor.fetchone()[0] // 1_000_000


def looked_at(number: int, people: int) -> tuple[int, int, int, int]:
    """Days of leave and of sickness; people whom the rule book judged, and those with a breach that blocks."""
    _nobody_twice()
    shares = headcounts(number, people)
    members = Membership.objects.filter(priority=1, valid__endswith=None)
    for code, headcount in shares.items():
        here = members.filter(unit__establishment__code=code)
        assert here.count() == headcount, (code, here.count(), headcount)
        top = Duty.objects.top().filter(unit__establishment__code=code)
        for source in ("pattern", "leave", "sick"):
            assert headcount < LARGE or top.filter(source=source).exists(), (code, source)
    marked = Duty.objects.filter(span=None, source="sick")
    assert not marked.exclude(person__in=Sickness.objects.values("person")).exists()
    return Duty.objects.filter(span=None, source="leave").count(), marked.count(), *judged()


def _nobody_twice() -> None:
    """What the constraint promises, counted without it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM (SELECT lower(span) < lag(upper(span)) OVER (PARTITION BY person_id ORDER BY span) "
            "AS twice FROM roster_duty WHERE live AND covered_by_id IS NULL AND span IS NOT NULL) AS one WHERE twice"
        )
        assert cursor.fetchone()[0] == 0


def judged() -> tuple[int, int]:
    """A sample over the twelve weeks. Their first days count as history, as on every board."""
    everybody = Duty.objects.filter(live=True).order_by("person").values_list("person", flat=True).distinct()
    people = list(everybody)[:: max(1, everybody.count() // SAMPLE)][:SAMPLE]
    first = Duty.objects.earliest("shift_date").shift_date
    last = first + timedelta(weeks=WEEKS, days=-1)
    checker = Checker(people, first, last)
    plan = {key: each.day for key, each in published(people, first, last).items()}
    found = checker.check_sheet(plan)
    return len(found), sum(any(each.blocks for each in listed) for listed in found.values())


def line(name: object, cell: Cell) -> str:
    return f"| {name} | {' | '.join(f'{each:,.0f}' for each in astuple(cell))} |"


def main() -> None:
    people = next((int(each) for each in sys.argv[1:] if each.isdigit()), 30_000)
    head = f"| region | {' | '.join(COLUMNS.values())} |\n|---|{'--:|' * len(COLUMNS)}"
    print(head, flush=True)
    cells = []
    for number in REGIONS:
        cells.append(region(number, people))
        print(line(number, cells[-1]), flush=True)
    total = line("all", Cell(*map(sum, zip(*map(astuple, cells), strict=True))))
    words = f"{clock.today()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
    print(total, words, sep="\n")
    if "--write" in sys.argv:
        lines = "\n".join(line(n, cell) for n, cell in zip(REGIONS, cells, strict=True))
        title = "# Invented staff of all regions, with 12 weeks of duties"
        told = (__doc__ or "").partition("made and dropped here.\n")[2].rpartition(" Results:")[0].strip()
        command = "`DATABASE_URL=... python bench/roster_generate.py --write`"
        RESULTS.write_text(f"{title}\n\n{command}; {words}.\n\n{told}\n\n{head}\n{lines}\n{total}\n")


if __name__ == "__main__":
    main()
