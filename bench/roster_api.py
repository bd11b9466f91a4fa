"""What publishing and the CSR API cost in a region of 5,000 staff with 12 weeks of duties.

    python -m bench.roster_api [--write]

Publishing: 500 people for 28 days in one transaction, first and again with every shift altered. The API: gunicorn as
./run runs it, `/user/details` beside a bare view with one query on the same server, in turns of a second; then 50
requests a second for ten seconds. ``--write`` puts the table into bench/results/roster_api.md.
"""

import argparse
import http.client
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from statistics import median

from foundation.postgres import Server

FOLDER = tempfile.TemporaryDirectory(prefix="bench")
SERVER = Server(Path(FOLDER.name))
SERVER.start()
os.environ |= {
    "DJANGO_SETTINGS_MODULE": "roster.settings", "SERVICE": "roster", "SITE": "api", "LOCAL": "yes", "REGION": "2",
    "DATABASE_URL": SERVER.url(),
}  # fmt: skip

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from foundation import clock  # noqa: E402
from foundation.testing import servers  # noqa: E402
from roster.activities.models import Activity, Template  # noqa: E402
from roster.establishment.models import Establishment, Person, PlanningUnit  # noqa: E402
from roster.management.commands.seed import seed  # noqa: E402
from roster.timeline import actions  # noqa: E402
from roster.timeline.content import Content, from_version, full_day, version_on  # noqa: E402
from roster.timeline.models import Duty  # noqa: E402

PEOPLE, PUBLISHED, DAYS, WEEKS = 5_000, 500, 28, 12
CALLERS, ROUNDS, RATE, LENGTH = 8, 8, 50, 10
PORT = 8790
RESULTS = Path(__file__).parent / "results" / "roster_api.md"
FIRST = clock.today() + timedelta(days=28)


def made() -> PlanningUnit:
    call_command("migrate", verbosity=0)
    seed()
    prison = Establishment.objects.get(code="LHI")
    unit = PlanningUnit.objects.create(establishment=prison, name="Lindholme Residential 1", abbreviation="R1")
    Person.objects.bulk_create(
        Person(
            staff_number=f"{n:08}", user_name=f"Q{n:05}", first_name="Sam", last_name=f"Officer{n}",
            service_from=date(2020, 1, 1),
        )
        for n in range(1, PEOPLE + 1)
    )  # fmt: skip
    return unit


def cells(unit: PlanningUnit, codes: str) -> list[actions.Cell]:
    """Everybody works the codes in turn; R is a rest day."""
    contents: dict[str, Content] = {
        code: from_version(version_on(Template.objects.get(code=code), FIRST)) for code in set(codes) - {"R"}
    }
    contents["R"] = full_day(Activity.objects.get(name="Rest Day"))
    people = Person.objects.order_by("pk").values_list("pk", flat=True)[:PUBLISHED]
    return [
        actions.Cell(
            person, unit.pk, FIRST + timedelta(days=n),
            (made,) if not made.full_day else (), made if made.full_day else None,
        )
        for person in people
        for n in range(DAYS)
        for made in [contents[codes[(n + person) % len(codes)]]]
    ]  # fmt: skip


def seconds(what: Callable[[], object]) -> float:
    started = time.perf_counter()
    what()
    return time.perf_counter() - started


def fill() -> None:
    """The other people, who work elsewhere, and weeks, copied in SQL without row history."""
    prison = Establishment.objects.get(code="LHI")
    elsewhere = PlanningUnit.objects.create(establishment=prison, name="Elsewhere", abbreviation="X")
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            "CREATE TEMP TABLE wanted AS SELECT nextval('roster_duty_id_seq') AS id, duty.id AS original, "
            "person.id AS person, week * 28 - 28 AS later FROM roster_duty AS duty "
            "JOIN roster_person AS person ON (person.id - 1) %% %s + 1 = duty.person_id "
            "CROSS JOIN generate_series(0, 2) AS week "
            "WHERE duty.live AND NOT (person.id = duty.person_id AND week = 1)",
            [PUBLISHED],
        )
        columns = [f.column for f in Duty._meta.concrete_fields]
        own = {
            "id": "wanted.id", "person_id": "wanted.person", "shift_date": "duty.shift_date + wanted.later",
            "unit_id": f"CASE WHEN wanted.person = duty.person_id THEN duty.unit_id ELSE {elsewhere.pk} END",
            "span": "CASE WHEN duty.span IS NULL THEN NULL ELSE "
                    "tstzrange(lower(duty.span) + wanted.later * interval '1 day', "
                    "upper(duty.span) + wanted.later * interval '1 day') END",
        }  # fmt: skip
        names = ", ".join(f'"{column}"' for column in columns)
        values = ", ".join(own.get(column, f'duty."{column}"') for column in columns)
        joined = "FROM wanted JOIN roster_duty AS duty ON duty.id = wanted.original"
        cursor.execute(f"INSERT INTO roster_duty ({names}) SELECT {values} {joined}")
        cursor.execute(
            'INSERT INTO roster_dutyitem (duty_id, activity_id, start, "end", post_id) '
            'SELECT wanted.id, item.activity_id, item.start, item."end", item.post_id '
            "FROM wanted JOIN roster_dutyitem AS item ON item.duty_id = wanted.original"
        )
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("ANALYZE")


def ask(caller: http.client.HTTPConnection, path: str, token: str) -> int:
    caller.request("GET", path, headers={"Authorization": f"Bearer {token}"})
    answer = caller.getresponse()
    size = len(answer.read())
    assert answer.status == 200, (path, answer.status)
    return size


def at_once(path: Callable[[int], str], tokens: list[str]) -> float:
    """Requests a second of all callers together in one second."""
    counts = [0] * CALLERS

    def call(number: int) -> None:
        caller = http.client.HTTPConnection("127.0.0.1", PORT)
        end = time.perf_counter() + 1
        while time.perf_counter() < end:
            turn = (number * 611 + counts[number]) % len(tokens)
            ask(caller, path(turn), tokens[turn])
            counts[number] += 1

    threads = [threading.Thread(target=call, args=[number]) for number in range(CALLERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return float(sum(counts))


def steady(path: Callable[[int], str], tokens: list[str]) -> list[float]:
    """Seconds of each request at ``RATE`` a second, counted from when it was due."""
    found: list[float] = []
    began = time.perf_counter()
    due = iter(range(RATE * LENGTH))
    lock = threading.Lock()

    def call() -> None:
        caller = http.client.HTTPConnection("127.0.0.1", PORT)
        while True:
            with lock:
                number = next(due, None)
            if number is None:
                return
            at = began + number / RATE
            time.sleep(max(0, at - time.perf_counter()))
            ask(caller, path(number), tokens[number % len(tokens)])
            found.append(time.perf_counter() - at)

    threads = [threading.Thread(target=call) for _ in range(CALLERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    try:
        text = table(*figures())
    finally:
        connection.close()
        SERVER.stop()
    print(text)
    if options.write:
        RESULTS.write_text(f"# Publishing and the CSR API\n\n`python -m bench.roster_api --write`\n\n{text}")


def figures() -> list[tuple[str, str]]:
    unit = made()
    publish = lambda codes, **more: seconds(  # noqa: E731
        lambda: actions.publish_day_set(cells(unit, codes), by=None, **more)
    )
    first = publish("MMENNRR", first_publication=True)
    again = publish("LLMMRRR", reason="All of it again")
    fill()
    connection.close()
    with servers.identity(Path(FOLDER.name) / "identity", []) as provider:
        tokens = [provider_token(provider, f"Q{n:05}") for n in range(1, PEOPLE, PEOPLE // 200)]
        environment = os.environ | {"IDENTITY_URL": provider.url}
        command = [sys.executable, "-m", "gunicorn", "bench.roster_server", "--workers", "2", "--threads", "4",
                   "--bind", f"127.0.0.1:{PORT}", "--log-level", "error"]  # fmt: skip
        with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as gunicorn:
            try:
                return measured(tokens, first, again)
            finally:
                gunicorn.terminate()


def table(*rows: tuple[str, str]) -> str:
    lines = "\n".join(f"| {name} | {value} |" for name, value in rows)
    head = f"{clock.today()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
    return f"{head}\n\n| what | found |\n|---|---|\n{lines}\n"


def provider_token(provider: servers.StandIn, user_name: str) -> str:
    import httpx

    wish = {"user_name": user_name, "authorities": ["ROLE_CMD"], "seconds": 3600}
    return str(httpx.post(f"{provider.url}/stand-in/token", json=wish).json()["access_token"])


def measured(tokens: list[str], first: float, again: float) -> list[tuple[str, str]]:
    details = lambda _: f"/user/details/2?from={FIRST}&to={FIRST + timedelta(days=30)}"  # noqa: E731
    bare = lambda _: "/bare/"  # noqa: E731
    for _ in range(100):
        try:
            size = ask(http.client.HTTPConnection("127.0.0.1", PORT), details(0), tokens[0])
            break
        except OSError:
            time.sleep(0.2)
    for number in range(len(tokens)):  # every worker has seen every token
        for _ in range(4):
            ask(http.client.HTTPConnection("127.0.0.1", PORT), details(0), tokens[number])
    turns = [(at_once(bare, tokens), at_once(details, tokens)) for _ in range(ROUNDS)]
    plain, ours = (median(turn[n] for turn in turns) for n in (0, 1))
    times = steady(details, tokens)
    return [
        (f"publish {PUBLISHED} people x {DAYS} days", f"{first:.2f} s"),
        ("the same again, every cell altered", f"{again:.2f} s"),
        ("bare view with one query", f"{plain:.0f} requests/s"),
        (f"/user/details, a month, {size / 1000:.1f} kB", f"{ours:.0f} requests/s, {ours / plain:.0%} of it"),
        (f"at {RATE} requests/s", f"median {times[len(times) // 2] * 1000:.0f} ms, "
                                  f"p95 {times[int(len(times) * 0.95)] * 1000:.0f} ms"),
    ]  # fmt: skip


if __name__ == "__main__":
    main()
