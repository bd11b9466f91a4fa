"""One region for the benchmarks of the roster: region 2 of 30,000 invented staff, with 12 weeks of duties.

About 7,400 people, of whom about 6,000 follow a pattern and have duties, leave and sickness; every prison has the
demand of the handbook. It takes two minutes to make and is kept as a database to copy, on a server of its own in
var/bench: the first benchmark of a day makes it, the others copy it. Import this before anything of Django's:

    from bench import roster_world
"""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from foundation.postgres import Server, change

ROOT = Path(__file__).resolve().parent.parent
SERVER = Server(ROOT / "var" / "bench")
SERVER.start()
os.environ |= {
    "DJANGO_SETTINGS_MODULE": "roster.settings", "SERVICE": "roster", "LOCAL": "yes", "REGION": "2",
    "DATABASE_URL": SERVER.url(),
}  # fmt: skip

import django  # noqa: E402

django.setup()

import psutil  # noqa: E402
from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from psycopg.types.range import DateRange  # noqa: E402

from foundation import clock  # noqa: E402
from foundation.accounts.models import User  # noqa: E402
from foundation.testing import database  # noqa: E402
from foundation.web.startup import settle  # noqa: E402
from roster.demand import seeds as demand  # noqa: E402
from roster.establishment.models import Establishment, Membership, Person, PlanningUnit, RoleHeld  # noqa: E402
from roster.management.commands.generate import duties, generate  # noqa: E402
from roster.management.commands.seed import seed  # noqa: E402
from roster.timeline.models import Duty  # noqa: E402

SEED, PEOPLE, WEEKS, DAYS = 1, 30_000, 12, 28
LARGEST = "MRI"
"""The prison of the region with most staff: 979."""
MONDAY = clock.today() - timedelta(days=clock.today().weekday())
NEXT = MONDAY + timedelta(days=28)
"""Four weeks that are published."""
MADE_FROM = ["roster/planning/generate.py", "roster/absence/generate.py", "roster/establishment/generate.py",
             "roster/patterns/demo.py", "roster/demand/seeds.py"]  # fmt: skip


@contextmanager
def region() -> Iterator[str]:
    """A copy of the region to work in, as the application does; its URL."""
    name = f"bench_{os.getpid()}"
    world = _world()
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{world}" STRATEGY FILE_COPY')
    try:
        with database.connected_to(name, role=settings.DATABASE_APP_ROLE):
            yield change(SERVER.url(), database=name)
    finally:
        database.drop(name)
        database.disconnect()
        SERVER.stop()


def _world() -> str:
    """The name of the database to copy; made first where there is none of today."""
    made_from = [(ROOT / each).read_text() for each in MADE_FROM]
    name = f"region_{database.digest('roster', clock.today().isoformat(), *made_from)}"
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname ~ '^(region|bench|unfinished)_'")
        found = {each for (each,) in cursor.fetchall()}
    if name in found:
        return name
    for stale in found:
        database.drop(stale)
    database.create(f"unfinished_{name}")
    with database.connected_to(f"unfinished_{name}", role=settings.DATABASE_APP_ROLE):
        seed()
        people, days = generate(SEED, PEOPLE), duties(WEEKS)
        for place in Establishment.objects.all():
            demand.establishment_posts(place)
            for wing in place.units.filter(abbreviation__startswith="Residential"):
                demand.residential(wing, 240, senior=False)
        print(f"made: {people:,} people, {days:,} days of duties")
    with database.connected_to(f"unfinished_{name}"), connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'ALTER DATABASE "unfinished_{name}" RENAME TO "{name}"')
    return name


def size() -> str:
    """What is in the copy, for the results."""
    people, working = Person.objects.count(), Duty.objects.filter(live=True).values("person").distinct().count()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        megabytes = cursor.fetchone()[0] / 1_000_000
    return (
        f"One region: {people:,} people, {working:,} of them with {WEEKS} weeks of duties "
        f"({Duty.objects.count():,} duties); {megabytes:,.0f} MB."
    )


def unit_of(name: str, number: int, after: int = 0) -> PlanningUnit:
    """A unit of the largest prison to which so many of those who follow a pattern now belong, duties and all."""
    place = Establishment.objects.get(code=LARGEST)
    unit = PlanningUnit.objects.create(establishment=place, name=f"{place.name} {name}", abbreviation=name)
    working = Duty.objects.filter(live=True, unit__establishment=place, shift_date=MONDAY).values("person").distinct()
    moved = Membership.objects.during(MONDAY - timedelta(days=28), MONDAY).filter(priority=1).values("person")
    once = moved.filter(valid__endswith=None, valid__contains=MONDAY - timedelta(days=28), person__in=working)
    people = list(once.order_by("person").values_list("person", flat=True)[after : after + number])
    assert len(people) == number, len(people)
    Membership.objects.filter(person__in=people, priority=1, valid__endswith=None).update(unit=unit)
    Duty.objects.filter(person__in=people).update(unit=unit)
    return unit


def account(role: str) -> User:
    """Somebody who does not work in the prison and holds a role there."""
    user = User.objects.create_user("planner@prison.example", None, role="", is_active=True, user_name="planner")
    ever = DateRange(MONDAY - timedelta(days=400), None)
    names = {"first_name": "Kim", "last_name": "Planner"}
    person = Person.objects.create(staff_number="P1", user_name="PLANNER", service_from=ever.lower, user=user, **names)
    place = Establishment.objects.get(code=LARGEST)
    RoleHeld.objects.create(person=person, role=role, establishment=place, valid=ever)
    return user


# Measuring


def processor() -> float:
    """Seconds that this process and its database session have had of a processor."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = psutil.Process(cursor.fetchone()[0]).cpu_times()
    return time.process_time() + float(backend.user + backend.system)


def timed(what: Callable[[], Any], rounds: int) -> tuple[list[float], float]:
    """Seconds of each round, and processor seconds of all. Garbage is collected as in a web process."""
    settle()
    found, used = [], processor()
    for _ in range(rounds):
        started = time.perf_counter()
        what()
        found.append(time.perf_counter() - started)
    return found, processor() - used
