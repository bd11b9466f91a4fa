"""What the reports cost in a prison of 979 staff, of a region with 12 weeks of duties (goal: 2 s of processor time).

    python -m bench.roster_reports [--write]

Each report over the four months in which the duties lie, on the page and as a file, and the planners' first page for
a hub manager of that prison. Server time of whole requests, all middleware included, in this process. Processor time is
that of this process and of its database session, of one turn: on a busy machine it says more.
"""

from collections.abc import Callable
from typing import Any

from bench.roster_pages import main, ok, row
from bench.roster_world import LARGEST, account, timed

from django.db.models import Max, Min  # isort: skip
from django.test import Client  # isort: skip
from django.urls import reverse  # isort: skip

from roster.establishment.models import Establishment  # isort: skip
from roster.reports.report import Month, Scope, reports  # isort: skip
from roster.timeline.models import Duty  # isort: skip

TURNS = 3


def measure() -> tuple[str, list[str]]:
    place = Establishment.objects.get(code=LARGEST)
    browser = Client()
    browser.force_login(account("HUB_MANAGER"))
    days = Duty.objects.filter(live=True, unit__establishment=place).aggregate(Min("shift_date"), Max("shift_date"))
    scope = Scope(place, Month.of(days["shift_date__min"]), Month.of(days["shift_date__max"]))
    asked = {"place": LARGEST, "start": str(scope.start), "end": str(scope.end)}

    def page(address: str, **query: str) -> Callable[[], Any]:
        return lambda: ok(browser.get(address, query))

    lines = [row("first page", timed(page(reverse("home")), 15), 0.5)]
    for name, report in reports().items():
        address = reverse("report", args=[name])
        lines.append(row(f"{report.title.lower()}", timed(page(address, **asked), TURNS), 2.0))
        lines.append(row(f"{report.title.lower()} as a file", timed(page(address, **asked, form="csv"), TURNS), 2.0))
    about = f"{len(scope.people)} people, {scope.start.words} to {scope.end.words}"
    return f"The prison: {about}.", lines


if __name__ == "__main__":
    main("The reports", __doc__, "roster_reports", measure)
