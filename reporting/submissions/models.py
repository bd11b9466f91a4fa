"""What was submitted: frozen answers and the documents sent with them, never changed afterwards."""

from django.conf import settings
from django.db import models

from foundation import clock
from reporting.reports.models import Report


class Submission(models.Model):
    """One sending of a report (or of further documents to it). ``snapshot`` is empty for documents only."""

    class Agreed(models.TextChoices):
        """On whose behalf the declaration is made (deputy-reports 7.5)."""

        ONLY_DEPUTY = "only_deputy"
        MORE_BEHALF = "more_deputies_behalf"
        MORE_NOT_BEHALF = "more_deputies_not_behalf"
        NOT_DEPUTY = "not_deputy"

    impersonal = frozenset({"uuid"})

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="submissions")
    number = models.PositiveIntegerField(help_text="1 for the first sending of this report, then 2 ...")
    with_report = models.BooleanField(default=True, help_text="false: further documents only")
    snapshot = models.JSONField(default=dict)
    agreed = models.CharField(max_length=30, choices=Agreed.choices, blank=True)
    agreed_explanation = models.TextField(blank=True)
    created_at = models.DateTimeField(default=clock.now)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    uuid = models.CharField(max_length=36, blank=True, help_text="the case system's identifier of the report")
    archived_at = models.DateTimeField(null=True, blank=True)
    archived_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    downloadable = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "number"], name="submission_number_once")]
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"submission {self.pk}"


class Feedback(models.Model):
    """How satisfied a deputy was after submitting, and whether they would take part in research (7.9)."""

    impersonal = frozenset({"role", "report_type", "deputyship_length", "agreed_research"})

    submission = models.OneToOneField(Submission, on_delete=models.CASCADE, related_name="feedback")
    score = models.PositiveSmallIntegerField()
    comments = models.CharField(max_length=1200, blank=True)
    role = models.CharField(max_length=40, blank=True)
    report_type = models.CharField(max_length=8, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    deputyship_length = models.CharField(max_length=12, blank=True)
    agreed_research = models.JSONField(default=list, blank=True)
    has_video_device = models.BooleanField(null=True, blank=True)
