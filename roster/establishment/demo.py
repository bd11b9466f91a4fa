"""The demo of one prison: Lindholme with 120 invented people, and who of them to sign in as."""

from typing import Any

from django.conf import settings
from django.db import transaction

from foundation import clock
from roster.establishment.generate import populate
from roster.establishment.models import Establishment, Person, RoleHeld, here

CODE, HEADCOUNT, SEED = "LHI", 120, 2027
SIGN_IN = [
    ("DETAIL", "planner", "Detail officer: plans the units of Lindholme and publishes"),
    ("HUB_MANAGER", "planner", "Hub manager: changes rotas, demand, rules and staff records"),
    ("LINE_MANAGER", "planner", "Line manager: looks after a team"),
    ("GOVERNOR", "planner", "Governor: approves patterns and exceptions"),
    ("READ_ONLY", "planner", "Auditor: reads everything, health masked; who changed which duty and when"),
    ("ORDERLY_OFFICER", "planner", "Orderly Officer: runs today, from an hour before the duty to an hour after it"),
    ("REGIONAL_ADMIN", "planner", "Regional admin: all prisons of the region, import, roles"),
    ("", "diary", "Officer: sees the published duties, on a phone too"),
]
"""Role, face and words for the start page; without a role: an officer of the wings."""


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


def _somebody(role: str) -> Person | None:
    """The first who holds the role, or an officer who holds none."""
    everybody = Person.objects.filter(here()).order_by("staff_number")
    if role:
        return everybody.filter(roles__role=role, roles__in=RoleHeld.objects.on(clock.today())).first()
    residential = everybody.filter(memberships__unit__abbreviation="Residential 1", roles=None)
    return residential.filter(memberships__unit__establishment=place()).first()
