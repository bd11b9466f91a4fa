"""What happened, who did it and why: explicit events beside the row history that triggers keep.

An event holds no foreign keys, so that nothing that is deleted later takes its history along or is held back by it.
The database role of the application can add events and never change or delete one.
"""

from typing import Any

import structlog
from django.db import models

from foundation import clock

log = structlog.get_logger()


class AuditEvent(models.Model):
    """One thing that happened. ``actor`` is the user's id, 0 for the service itself."""

    impersonal = frozenset({"event", "actor_role", "subject", "request"})

    at = models.DateTimeField(default=clock.now, db_index=True)
    event = models.CharField(max_length=60, db_index=True)
    actor = models.BigIntegerField(default=0, db_index=True)
    actor_role = models.CharField(max_length=40, blank=True)
    subject = models.CharField(max_length=80, blank=True, db_index=True, help_text="table:id of what it happened to")
    reason = models.CharField(max_length=500, blank=True)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    request = models.CharField(max_length=64, blank=True, help_text="id of the request, as in the logs")

    class Meta:
        db_table = "foundation_auditevent"
        app_label = "foundation"


def record(
    event: str,
    *,
    by: Any = None,
    subject: models.Model | None = None,
    reason: str = "",
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> AuditEvent:
    """Add an event in the caller's transaction. ``by`` is a user or None for the service itself."""
    context = structlog.contextvars.get_contextvars()
    return AuditEvent.objects.create(
        event=event,
        actor=getattr(by, "pk", None) or 0,
        actor_role=getattr(by, "role", "") or "",
        subject=f"{subject._meta.db_table}:{subject.pk}" if subject is not None else "",
        reason=reason,
        before=before or {},
        after=after or {},
        request=str(context.get("request_id", "")),
    )
