"""Files that belong to a report: what deputies upload, and what the service makes of the report."""

from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import models

from foundation import clock


class Document(models.Model):
    """One file in the storage. ``submission`` is null until it is sent; from then on it cannot be removed."""

    class Kind(models.TextChoices):
        DEPUTY = "deputy", "Supporting document"
        REPORT = "report", "Report"
        TRANSACTIONS = "transactions", "Transactions"

    impersonal = frozenset({"key", "content_type", "sha256"})

    report = models.ForeignKey("reporting.Report", on_delete=models.PROTECT, related_name="documents")
    submission = models.ForeignKey(
        "reporting.Submission", null=True, blank=True, on_delete=models.PROTECT, related_name="documents"
    )
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.DEPUTY)
    name = models.CharField(max_length=255)
    key = models.CharField(max_length=512, unique=True, help_text="where in the storage")
    content_type = models.CharField(max_length=60)
    size = models.PositiveBigIntegerField(default=0, help_text="bytes")
    sha256 = models.CharField(max_length=64, blank=True)
    made = models.BooleanField(default=True, help_text="false until the service has made the file")
    token = models.UUIDField(default=uuid4, unique=True, editable=False)
    created_at = models.DateTimeField(default=clock.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["report", "name"], condition=models.Q(kind="deputy"), name="document_name_once_per_report"
            )
        ]
        ordering = ["created_at", "pk"]

    def __str__(self) -> str:
        return f"document {self.pk}"

    @property
    def is_sent(self) -> bool:
        return self.submission_id is not None


def deputy_documents(report: Any) -> models.QuerySet[Document]:
    """The documents that the deputy added, oldest first."""
    return Document.objects.filter(report=report, kind=Document.Kind.DEPUTY)
