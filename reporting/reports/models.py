"""The annual report: one period of one client, of one type."""

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from foundation import clock, kept
from reporting.engine.report_types import TYPES, ReportType, report_type
from reporting.people.models import ORGANISATION_ROLES, Client, CourtOrder


class Reports(models.QuerySet["Report"]):
    def visible_to(self, user: Any) -> "Reports":
        """Reports of live clients, through the user's active orders (deputy-people 2.4).

        A deputy who was discharged from an order keeps what was submitted while they held it, to read (``held_by``).
        A report that no order is linked to yet is seen by the users attached to its client.
        Members of an organisation see the reports of its clients.
        """
        if getattr(user, "role", "").startswith(ORGANISATION_ROLES):
            return self.filter(client__in=Client.objects.visible_to(user))
        if getattr(user, "role", "") != "ROLE_LAY_DEPUTY":
            return self.none()
        return self.filter(client__archived_at=None, client__discharged_at=None, pk__in=_seen_by(user))

    def held_by(self, user: Any) -> "Reports":
        """Those of ``visible_to`` that the user may act on: not what a discharged deputy keeps to read."""
        if getattr(user, "role", "") != "ROLE_LAY_DEPUTY":
            return self.visible_to(user)
        return self.visible_to(user).filter(pk__in=_held_by(user))

    def open(self) -> "Reports":
        return self.filter(submitted=False)


# Found from the person's side: one condition over all these joins would read every report there is.


@kept.of_person
def _seen_by(user: int) -> models.QuerySet[Any, Any]:
    theirs = Q(submitted_by=user) | Q(submitted_at__date__lte=F("orders__links__discharged_on"))
    held = Q(orders__links__is_active=True) | (Q(submitted=True) & theirs)
    return Report.objects.filter(held, orders__links__deputy__user=user).values("pk").union(_unlinked(user))


@kept.of_person
def _held_by(user: int) -> models.QuerySet[Any, Any]:
    held = Report.objects.filter(orders__links__is_active=True, orders__links__deputy__user=user)
    return held.values("pk").union(_unlinked(user))


def _unlinked(user: int) -> models.QuerySet[Any, Any]:
    return Report.objects.filter(orders=None, client__users=user).values("pk")


class Report(models.Model):
    """Owns the answers of every section; ``type`` decides which sections are asked.

    ``reopened_at`` is set while staff have sent a submitted report back ("changes needed").
    """

    impersonal = frozenset({"changes_needed", "progress", "unsettled"})

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="reports")
    type = models.CharField(max_length=8, choices=[(code, code) for code in TYPES])
    start = models.DateField()
    end = models.DateField()
    due = models.DateField()
    orders = models.ManyToManyField(CourtOrder, related_name="reports", blank=True)
    previous = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="next")
    submitted = models.BooleanField(default=False)
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    reopened_at = models.DateTimeField(null=True, blank=True)
    changes_needed = models.JSONField(default=list, blank=True, help_text="keys of sections that staff ticked")
    progress = models.JSONField(default=dict, blank=True, help_text="state and count of each section, for lists")
    ready = models.BooleanField(default=False, help_text="as progress: nothing asked is missing")
    unsettled = models.JSONField(
        default=dict, blank=True, help_text="how many answers by section's slug wait for a choice after a merge"
    )
    created_at = models.DateTimeField(default=clock.now)
    version = models.PositiveIntegerField(default=0)

    objects = Reports.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(end__gte=F("start")), name="report_period_in_order"),
        ]

    def __str__(self) -> str:
        return f"report {self.pk}"

    @property
    def kind(self) -> ReportType:
        return report_type(self.type)

    @property
    def period(self) -> str:
        """ "2025 to 2026", or one year when both ends are in it."""
        return str(self.start.year) if self.start.year == self.end.year else f"{self.start.year} to {self.end.year}"

    def is_due(self, today: date | None = None) -> bool:
        """A period that ends today can be submitted tomorrow."""
        return self.end < (today or clock.today())


class ReportSeen(models.Model):
    """When a person last opened a report's overview, to tell them what a co-deputy changed since."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "user"], name="seen_once_per_person")]
