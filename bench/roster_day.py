"""What the detail sheet costs in a prison of 900 staff.

    python -m bench.roster_day [--write]

900 invented people in about thirty units, their rotas published for four weeks, the demand of the demo. Server time of
whole requests, all middleware included, in this process: the sheet by post, by person and by unit, the Orderly
Officer's numbers, and the names for one gap. Processor time is that of this process and of its database session, of
one turn: on a busy machine it says more. ``--write`` puts the table into bench/results/roster_day.md.
"""

import argparse
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.roster_board import ok, row, timed

from django.test import Client, override_settings  # isort: skip
from django.core.management import call_command  # isort: skip
from django.urls import reverse  # isort: skip

from foundation import clock  # isort: skip
from foundation.accounts.models import User  # isort: skip
from roster.day.sheet import Sheet  # isort: skip
from roster.demand import demo as demand  # isort: skip
from roster.establishment.generate import populate  # isort: skip
from roster.establishment.models import Establishment, Person, RoleHeld  # isort: skip
from roster.management.commands.seed import seed  # isort: skip
from roster.patterns import demo as patterns  # isort: skip
from roster.planning import demo as planning  # isort: skip

RESULTS = Path(__file__).parent / "results" / "roster_day.md"
STAFF = 900


def measure() -> list[str]:
    call_command("migrate", verbosity=0)
    seed()
    place = Establishment.objects.get(code="LHI")
    populate(place, STAFF, seed=1, today=clock.today())
    for each in (demand, patterns, planning):
        each.make(place)
    roles = RoleHeld.objects.on(clock.today()).filter(role="DETAIL", establishment=place)
    officer = Person.objects.filter(roles__in=roles)[0]
    user = User.objects.create_user("detail@prison.example", None, role="", is_active=True, user_name="detail")
    Person.objects.filter(pk=officer.pk).update(user=user)
    browser = Client()
    browser.force_login(user)
    sheet = Sheet(place, clock.today())
    coverage, gap = next((c, g) for c, g in sheet.gaps() if c.unit)
    found = reverse("day_gap", args=["LHI", clock.today(), gap.key, gap.start]) + f"?unit={coverage.unit.pk}"

    def page(address: str) -> Callable[[], Any]:
        return lambda: ok(browser.get(address))

    whole = reverse("day_sheet", args=["LHI", clock.today()])
    lines = []
    for words, address, limit in (
        ("sheet by post", whole, 0.5), ("sheet by person", f"{whole}?by=person", 0.5),
        ("sheet by unit", f"{whole}?by=unit", 0.5), ("Orderly Officer's view", reverse("day_now", args=["LHI"]), 0.5),
        ("names for a gap", found, 1.0),
    ):  # fmt: skip
        page(address)()
        lines.append(row(words, timed(page(address), 15), limit))
    print(f"{len(sheet.members)} people, {len(sheet.units)} units, {len(sheet.lines)} lines, {len(sheet.gaps())} gaps")
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    with override_settings(SITE="planner", ROOT_URLCONF="roster.urls_planner", ALLOWED_HOSTS=["*"]):
        lines = measure()
    head = ["| step | times | median ms | p95 ms | processor ms | limit ms |", "|---|--:|--:|--:|--:|--:|"]
    table = "\n".join([*head, *lines, "", f"{clock.today()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"])
    print(table)
    if given.write:
        words = (__doc__ or "").split("\n\n", 2)[2].strip()
        RESULTS.write_text(f"# The day sheet\n\n{words}\n\n{table}\n")


if __name__ == "__main__":
    main()
