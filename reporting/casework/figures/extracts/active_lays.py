"""Lay deputies who use the service."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from django.db.models import Count, OuterRef, Subquery

from foundation import clock
from foundation.accounts.models import User
from foundation.csv_cells import Cell
from reporting.casework.figures.extract import Extraction, day
from reporting.people.roles import LAY
from reporting.submissions.models import Submission


class ActiveLays(Extraction):
    key = "active-lays"
    title = "Active lay deputies"
    about = "Lay deputies who signed in during the last year and have submitted at least one report."
    columns = (
        "Id", "Full Name", "Email", "Phone Number", "Reports Submitted", "Registered On", "Client Full Name",
    )  # fmt: skip

    def rows(self) -> Iterable[Sequence[Cell]]:
        since = clock.now() - timedelta(days=365)
        people = User.objects.filter(role=LAY, is_active=True, last_login__gte=since)
        reports = Count("report", distinct=True)
        sent = Submission.objects.filter(with_report=True, created_by=OuterRef("pk")).order_by()
        people = people.annotate(count=Subquery(sent.values("created_by").annotate(count=reports).values("count")))
        people = people.filter(count__gt=0).select_related("profile").prefetch_related("clients")
        for user in people.order_by("pk").iterator(500):
            profile = getattr(user, "profile", None)
            yield (
                user.pk, user.name, user.email, profile.phone if profile else "", user.count, day(user.registered_at),
                ", ".join(sorted(client.name for client in user.clients.all())),
            )  # fmt: skip
