"""Let the first person into a new region: ``manage.py first_admin USER_NAME FIRST_NAME LAST_NAME --staff-number N``.

They become national administrator of this cell and give every other role on its pages. Where somebody holds that role
already, it is for them to give.
"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from foundation import audit, clock
from roster.establishment.models import Person, RoleHeld

ROLE = "NATIONAL_ADMIN"


@transaction.atomic
def let_in(user_name: str, first_name: str, last_name: str, staff_number: str) -> Person:
    """The person with the role from today on; who is on the roster already keeps their record."""
    today = clock.today()
    holder = RoleHeld.objects.on(today).filter(role=ROLE).select_related("person").first()
    if holder:
        raise CommandError(f"{holder.person.user_name} is national administrator here and can give roles.")
    if len(user_name) > 30 or len(staff_number) > 12:
        raise CommandError("A user name has 30 characters at most, a staff number 12.")
    person = Person.objects.filter(user_name__iexact=user_name).first()
    if person is None:
        if Person.objects.filter(staff_number=staff_number).exists():
            raise CommandError(f"Somebody else has the staff number {staff_number}.")
        person = Person.objects.create(
            user_name=user_name, first_name=first_name, last_name=last_name, staff_number=staff_number,
            service_from=today,
        )  # fmt: skip
    if person.has_left:
        raise CommandError(f"{user_name} has left.")
    RoleHeld.objects.create(person=person, role=ROLE, valid=(today, None))
    audit.record("FIRST_ADMIN", subject=person, after={"role": ROLE, "since": today.isoformat()})
    return person


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        for name in ("user_name", "first_name", "last_name"):
            parser.add_argument(name)
        parser.add_argument("--staff-number", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        person = let_in(*(options[name] for name in ("user_name", "first_name", "last_name", "staff_number")))
        self.stdout.write(f"{person.user_name} may sign in on the planners' face and give roles there.")
