"""Staff who have not signed in for long."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from django.db.models import Q

from foundation import clock
from foundation.accounts.models import User
from foundation.csv_cells import Cell
from reporting.casework.figures.extract import Extraction, day
from reporting.people.roles import STAFF, TITLES

MONTH = timedelta(days=365.25 / 12)


class InactiveStaff(Extraction):
    key = "inactive-staff"
    title = "Inactive staff accounts"
    about = "Staff who have not signed in for as many months as you choose, or never."
    asks = ("months",)
    columns = ("Id", "Full Name", "Email", "Last Logged In", "Activated", "Role")

    def rows(self) -> Iterable[Sequence[Cell]]:
        since = clock.now() - self.choices.months * MONTH
        silent = Q(last_login__lt=since) | Q(last_login=None, created_at__lt=since)
        for user in User.objects.filter(silent, role__in=STAFF).order_by("pk").iterator():
            yield (
                user.pk, user.name, user.email, day(user.last_login) or "Never",
                "Yes" if user.is_active else "No", TITLES.get(user.role, user.role),
            )  # fmt: skip
