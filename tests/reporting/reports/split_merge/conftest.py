"""A joint report with its two orders, and helpers that say what a report holds."""

import json
from collections.abc import Callable
from datetime import date
from itertools import count
from typing import Any

import pytest

from foundation.accounts.models import User
from reporting.engine.sample import fill
from reporting.engine.section import Answers
from reporting.people.models import CourtOrder, CourtOrderDeputy
from reporting.reports.actions import touch
from reporting.reports.models import Report
from tests.reporting.conftest import make_person, make_report

numbers = count(1)


def make_order(report: Report, type: str, user: User, kind: str = "hybrid", **fields: Any) -> CourtOrder:
    values = {"made_date": date(2021, 1, 1), "report_type": f"OPG{report.type[:3]}", "kind": kind} | fields
    order = CourtOrder.objects.create(uid=f"8{next(numbers):011d}", type=type, client=report.client, **values)
    named = report.client.deputy or user.deputy
    CourtOrderDeputy.objects.create(order=order, deputy=named)
    return order


def pair(one: CourtOrder, other: CourtOrder, kind: str) -> None:
    CourtOrder.objects.filter(pk__in=[one.pk, other.pk]).update(sibling=None)
    for mine, theirs in ((one, other), (other, one)):
        mine.sibling, mine.kind = theirs, kind
        mine.save()


def make_joint(code: str = "102-4", seed: int = 1) -> tuple[User, Report]:
    """A filled joint report of one deputy with its pair of hybrid orders."""
    user = make_person(code)
    report = make_report(user, code)
    pfa = report.orders.get()
    hw = make_order(report, "hw", user)
    CourtOrder.objects.filter(pk=pfa.pk).update(type="pfa", report_type=f"OPG{code[:3]}")
    pfa.refresh_from_db()
    pair(pfa, hw, "hybrid")
    report.orders.add(hw)
    fill(report, seed)
    touch(Answers(report))
    report.refresh_from_db()
    return user, report


def part(report: Report, new: User | None = None) -> None:
    """The orders become dual: somebody joins the order on health and welfare."""
    pfa, hw = (CourtOrder.objects.get(client=report.client, type=type) for type in ("pfa", "hw"))
    if new is not None:
        CourtOrderDeputy.objects.create(order=hw, deputy=new.deputy)
    pair(pfa, hw, "dual")


def join(report: Report) -> None:
    pfa, hw = (CourtOrder.objects.get(client=report.client, type=type) for type in ("pfa", "hw"))
    pair(pfa, hw, "hybrid")


def content(report: Report) -> dict[str, Any]:
    """Everything that is answered, without numbers and tokens; entries in no order."""
    found = {}
    for section in Answers(Report.objects.get(pk=report.pk)).sections():
        frozen = section.frozen()
        entries = {
            kind: sorted(json.dumps(without_ids(entry), sort_keys=True) for entry in each)
            for kind, each in frozen["entries"].items()
        }
        found[section.key] = {"answers": frozen["answers"], "entries": entries}
    return found


def without_ids(entry: dict[str, Any]) -> dict[str, Any]:
    """Words name a picked account; its token is another one in every report."""
    return {"words": entry["words"]}


@pytest.fixture
def joint_report(db: None) -> Callable[..., tuple[User, Report]]:
    return make_joint
