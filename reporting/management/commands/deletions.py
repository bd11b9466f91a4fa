"""``manage.py deletions``: whose accounts the next nights would delete or warn. Changes nothing, names nobody."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from foundation.accounts.models import User
from reporting.casework.users import retention


class Command(BaseCommand):
    help = "List by id the accounts that the next run of each deletion job would delete, without deleting any."

    def handle(self, *args: Any, **options: Any) -> None:
        staff, lay = settings.DELETE_INACTIVE_STAFF, settings.DELETE_UNUSED_LAY
        self._show("Staff to warn", retention.staff_to_warn(), staff)
        self._show("Staff to delete", retention.staff_to_delete(), staff)
        self._show("Lay deputies to delete", retention.unused_lay(), lay)

    def _show(self, what: str, users: Iterable[User], enabled: bool) -> None:
        found = list(users)
        self.stdout.write(f"{what}: {len(found)}{'' if enabled else ' (the job is switched off)'}")
        for user in found:
            used = f"last signed in {user.last_login:%Y-%m-%d}" if user.last_login else "never signed in"
            self.stdout.write(f"{user.pk:>10}  {user.role:<20}  {used}")
