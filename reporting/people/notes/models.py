"""A note on a client."""

from typing import Any

from django.conf import settings
from django.db import models

from foundation import clock
from reporting.people.models import Client
from reporting.people.organisations.models import Organisation


class Notes(models.QuerySet["Note"]):
    def visible_to(self, user: Any) -> "Notes":
        """For the members of the organisation that wrote it, while the client is theirs. Never for staff."""
        mine = Organisation.objects.visible_to(user)
        return self.filter(client__in=Client.objects.visible_to(user), organisation__in=mine)


class Note(models.Model):
    """Belongs to the organisation: a client who moves to another one takes no notes along (ADR 11)."""

    class Category(models.TextChoices):
        TODO = "todo", "To do"
        DWP = "dwp", "Department for Work and Pensions"
        OPG = "opg", "Office of the Public Guardian"
        WELFARE = "welfare", "Welfare"
        BANK = "bank", "Bank"
        REPORT = "report", "Report"
        OTHER = "other", "Other"

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="notes")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="notes")
    category = models.CharField("Category", max_length=10, choices=Category.choices)
    title = models.CharField("Title", max_length=150)
    content = models.TextField("Note", blank=True)
    created_at = models.DateTimeField(default=clock.now)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    changed_at = models.DateTimeField(null=True, blank=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    version = models.PositiveIntegerField(default=0)

    objects = Notes.as_manager()

    def __str__(self) -> str:
        return f"note {self.pk}"
