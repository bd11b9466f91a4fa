"""What the detail sheet costs in a prison of 979 staff, of a region with 12 weeks of duties (goal: 900 staff).

    python -m bench.roster_day [--write]

The largest prison of the region, about forty units, with the handbook's demand, leave and sickness. Server time of
whole requests, all middleware included, in this process: the sheet by post, by person and by unit, the Orderly
Officer's numbers, and the names for a gap of a unit and for one of the whole prison. Processor time is that of this
process and of its database session, of one turn: on a busy machine it says more.
"""

from collections.abc import Callable
from typing import Any

from bench.roster_pages import main, ok, row
from bench.roster_world import LARGEST, account, timed

from django.test import Client  # isort: skip
from django.urls import reverse  # isort: skip

from foundation import clock  # isort: skip
from roster.day.sheet import Sheet  # isort: skip
from roster.establishment.models import Establishment  # isort: skip


def measure() -> tuple[str, list[str]]:
    place = Establishment.objects.get(code=LARGEST)
    browser = Client()
    browser.force_login(account("DETAIL"))
    sheet = Sheet(place, clock.today())

    def gap(of_a_unit: bool) -> str:
        coverage, one = next((c, g) for c, g in sheet.gaps() if bool(c.unit) is of_a_unit)
        query = f"?unit={coverage.unit.pk}" if coverage.unit else ""
        return reverse("day_gap", args=[LARGEST, clock.today(), one.key, one.start]) + query

    def page(address: str) -> Callable[[], Any]:
        return lambda: ok(browser.get(address))

    whole = reverse("day_sheet", args=[LARGEST, clock.today()])
    lines = []
    for words, address, limit in (
        ("sheet by post", whole, 0.5), ("sheet by person", f"{whole}?by=person", 0.5),
        ("sheet by unit", f"{whole}?by=unit", 0.5), ("Orderly Officer's view", reverse("day_now", args=[LARGEST]), 0.5),
        ("names for a gap of a unit", gap(True), 1.0), ("names for a gap of the prison", gap(False), 1.0),
    ):  # fmt: skip
        page(address)()
        lines.append(row(words, timed(page(address), 15), limit))
    about = f"{len(sheet.members)} people, {len(sheet.units)} units, {len(sheet.lines)} lines, {len(sheet.gaps())} gaps"
    return f"The prison: {about}.", lines


if __name__ == "__main__":
    main("The day sheet", __doc__, "roster_day", measure)
