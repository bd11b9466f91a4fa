"""What became of an open report when the kind of its court orders changed, and what its deputy has to settle."""

from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q

from foundation import clock
from reporting.reports.models import Report


class ReportChanges(models.QuerySet["ReportChange"]):
    def of(self, report: Report) -> "ReportChanges":
        """What happened to this report, newest first."""
        return self.filter(Q(report=report) | Q(other=report)).order_by("-at", "-pk")


class ReportChange(models.Model):
    """One report was split in two, two were merged into one, or one became a report of another type.

    ``report`` goes on under its own address. ``other`` is the second report that a split made. ``gone`` is the number
    of the report that a merge took in; its row is deleted, its address leads to ``report``.
    """

    class What(models.TextChoices):
        SPLIT = "split", "Split in two"
        MERGED = "merged", "Merged into one"
        CONVERTED = "converted", "Changed to another type"

    impersonal = frozenset({"types_before", "types_after", "copies", "copied"})

    what = models.CharField(max_length=9, choices=What.choices)
    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="changes")
    other = models.ForeignKey(Report, null=True, on_delete=models.SET_NULL, related_name="+")
    gone = models.BigIntegerField(null=True, db_index=True)
    gone_start = models.DateField(null=True, help_text="period of the report that was taken in")
    gone_end = models.DateField(null=True)
    types_before = models.JSONField(default=list)
    types_after = models.JSONField(default=list)
    copies = models.JSONField(default=dict, help_text="split: token of the entry in other -> of the one it copies")
    copied = models.JSONField(default=list, help_text="split: keys of the sections that are now in both")
    at = models.DateTimeField(default=clock.now)

    objects = ReportChanges.as_manager()

    def __str__(self) -> str:
        return f"report change {self.pk}"


class AnswerConflict(models.Model):
    """Two merged reports answered the same questions differently: both answers are kept until a deputy chooses.

    ``questions`` belong together (a gate and what it asks). ``ours`` are the answers of the report that goes on,
    ``theirs`` those of the one it took in. Until the choice the report cannot be submitted.
    """

    class Choice(models.TextChoices):
        OURS = "ours"
        THEIRS = "theirs"
        NOW = "now"

    impersonal = frozenset({"section", "questions"})

    change = models.ForeignKey(ReportChange, on_delete=models.CASCADE, related_name="conflicts")
    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="conflicts")
    section = models.CharField(max_length=60, help_text="the section's slug")
    questions = models.JSONField(default=list)
    ours = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    theirs = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    choice = models.CharField(max_length=6, choices=Choice.choices, blank=True)
    chosen_at = models.DateTimeField(null=True)
    chosen_by: Any = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"answer conflict {self.pk}"
