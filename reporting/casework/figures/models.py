"""Files that staff asked for: made by the worker, kept for a while, for the person who asked."""

import secrets

from django.conf import settings
from django.db import models

from foundation import clock


def new_token() -> str:
    return secrets.token_urlsafe(24)


class Extract(models.Model):
    """One file that somebody asked for. ``kind`` names a file of ``figures/extracts``.

    ``rows`` grows while the file is made. The file is gone after ``expires_at``; the row stays.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        MAKING = "making", "Being made"
        READY = "ready", "Ready"
        FAILED = "failed", "Failed"
        EXPIRED = "expired", "Expired"

    impersonal = frozenset({"kind", "choices", "key", "name", "token", "content_type"})

    kind = models.CharField(max_length=40)
    choices = models.JSONField(default=dict, help_text="dates and other choices of the person")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    rows = models.PositiveIntegerField(default=0)
    token = models.CharField(max_length=40, unique=True, default=new_token)
    key = models.CharField(max_length=200, blank=True, help_text="where in the storage")
    name = models.CharField(max_length=120, blank=True)
    content_type = models.CharField(max_length=60, blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    made_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"extract {self.pk}"
