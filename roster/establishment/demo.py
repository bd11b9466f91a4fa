"""The demo of one prison: Lindholme with 120 invented people, and who of them to sign in as."""

from typing import Any

from django.conf import settings
from django.db import transaction

from foundation import clock
from roster.establishment.generate import populate
from roster.establishment.models import Establishment, LineManager, Person, RoleHeld, here

CODE, HEADCOUNT, SEED = "LHI", 120, 2027
SIGN_IN = [
    (
        "DETAIL",
        "planner",
        "Detail officer: open the next four weeks of a wing, insert the rota, let the optimiser fill "
        "it; fill today's gaps",
    ),
    (
        "HUB_MANAGER",
        "planner",
        "Hub manager: sign a plan, read what staff say of a new rota, change demand and rules",
    ),
    ("LINE_MANAGER", "planner", "Line manager: the team's week, who is sick and why, a return to record"),
    ("GOVERNOR", "planner", "Governor: permit a breach with a reason, approve a rota"),
    ("READ_ONLY", "planner", "Auditor: who changed which duty, when and why; health is masked"),
    ("ORDERLY_OFFICER", "planner", "Orderly Officer: run today, from an hour before the duty to an hour after it"),
    ("REGIONAL_ADMIN", "planner", "Regional admin: staffing of the region, import staff, give roles"),
    ("", "diary", "Officer: next duties, a change to agree to, report sick, a calendar for the family"),
]
"""Role, face, and what to try as whom, for the start page; without a role: an officer of the wings."""


@transaction.atomic
def make() -> None:
    """Add what is missing. A region without Lindholme takes its first establishment."""
    establishment = place()
    today = clock.today()
    populate(establishment, HEADCOUNT, seed=SEED, today=today)
    if not RoleHeld.objects.filter(role="REGIONAL_ADMIN").exists():
        head = Person.objects.filter(grades__grade__code="HOF", memberships__unit__establishment=establishment).first()
        assert head, "the generator makes one"
        RoleHeld.objects.create(person=head, role="REGIONAL_ADMIN", valid=(today, None))
    if not RoleHeld.objects.filter(role="READ_ONLY").exists():
        members = Person.objects.filter(memberships__unit__establishment=establishment, grades__grade__code="OSG")
        auditor = members.filter(roles=None).order_by("-staff_number").first()
        assert auditor, "the generator makes one"
        RoleHeld.objects.create(person=auditor, role="READ_ONLY", establishment=establishment, valid=(today, None))


def place() -> Establishment:
    wanted = Establishment.objects.filter(code=CODE).first() or Establishment.objects.order_by("code").first()
    assert wanted, f"Region {settings.REGION} has no establishments: run the command seed first."
    return wanted


def people() -> list[dict[str, Any]]:
    """For the start page and the identity provider's stand-in."""
    found: list[dict[str, Any]] = []
    for role, site, about in SIGN_IN:
        if person := _somebody(role):
            found.append(
                {
                    "user_name": person.user_name, "name": person.name, "about": about, "site": site, "email": "",
                    "password": "", "authorities": [],
                }
            )  # fmt: skip
    return found


def officer() -> Person | None:
    """An officer of the wings who holds no role and works full time: whose diary is shown."""
    wings = Person.objects.filter(here(), roles=None, memberships__unit__establishment=place())
    residential = wings.filter(memberships__unit__abbreviation="Residential 1", contracts__agreed_days=[])
    return residential.order_by("staff_number").first()


def _somebody(role: str) -> Person | None:
    """The first who holds the role, of a duty role now; the officer, and the line manager who looks after them."""
    if not role:
        return officer()
    rows = RoleHeld.objects.on(clock.today()).filter(role=role)
    now = rows.filter(starts_at__lte=clock.now(), ends_at__gt=clock.now())
    held = Person.objects.filter(here(), roles__in=now if now.exists() else rows)
    leads = LineManager.objects.on(clock.today()).filter(person=officer()).values("manager")
    return (held.filter(pk__in=leads) if role == "LINE_MANAGER" else held).order_by("staff_number").first()
