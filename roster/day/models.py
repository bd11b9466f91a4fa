"""The day of operation: what is kept of it beside duties (staff-roster 9).

Who works where is in ``timeline``: a move before the duty starts changes the plan, later the actual day. Here stands
why, what was written into the log, the sheets as they were issued, and the record of a case outside the gate.
"""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from foundation import clock
from roster.demand.models import Case, Post
from roster.establishment.models import Establishment, Person
from roster.establishment.roles import establishments_for
from roster.timeline.models import Level


class OfDayQuerySet(models.QuerySet[Any]):
    def of(self, establishment: Establishment, day: Any) -> Self:
        return self.filter(establishment=establishment, day=day)

    def visible_to(self, user: Any) -> Self:
        return self.filter(establishment__in=establishments_for(user, "day.see"))


class Move(models.Model):
    """A person sent to another post, or to a case, for part of the day: same person, same hours (staff-roster 9.3)."""

    impersonal = frozenset({"came_from"})

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="moves")
    establishment = models.ForeignKey(Establishment, on_delete=models.CASCADE, related_name="moves")
    day = models.DateField(help_text="the shift's date")
    start = models.IntegerField(help_text="seconds from 00:00 of the shift's date")
    end = models.IntegerField(help_text="seconds")
    came_from = models.CharField(max_length=60)
    post = models.ForeignKey(Post, null=True, blank=True, on_delete=models.CASCADE, related_name="moves")
    case = models.ForeignKey(Case, null=True, blank=True, on_delete=models.CASCADE, related_name="moves")
    reason = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(default=clock.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = OfDayQuerySet.as_manager()

    class Meta:
        ordering = ["start", "pk"]
        indexes = [models.Index(fields=["establishment", "day"], name="moves_of_a_day")]
        constraints = [
            models.CheckConstraint(
                condition=Q(post=None, case__isnull=False) | Q(post__isnull=False, case=None), name="move_to_one_place"
            )
        ]


class Deviation(models.Model):
    """Somebody came late, left early, stayed on, did not come, or was called out: minutes, and what becomes of them."""

    class Kind(models.TextChoices):
        LATE = "late", "Came late"
        EARLY = "early", "Left early"
        OVER = "over", "Stayed on"
        ABSENT = "absent", "Did not come"
        CALL_OUT = "call_out", "Called out"

    class Decision(models.TextChoices):
        NONE = "", "Nothing"
        TOIL = "toil", "Time off in lieu"
        OVERTIME = "overtime", "Overtime"
        OPEN = "open", "To be decided"

    impersonal = frozenset({"kind", "decision"})

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="deviations")
    establishment = models.ForeignKey(Establishment, on_delete=models.CASCADE, related_name="deviations")
    day = models.DateField(help_text="the shift's date")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    minutes = models.PositiveIntegerField()
    decision = models.CharField(max_length=8, choices=Decision.choices, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(default=clock.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = OfDayQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["establishment", "day"], name="deviations_of_a_day")]


class Correction(models.Model):
    """A day that is closed is put right: its hours, or its overtime, as they are to count (staff-roster 8.2).

    Nothing changes before somebody else has approved it; then the timeline holds it on a level of its own. ``before``
    and ``after``: ``timeline.days.Day``; an ``after`` of None lets what was published count again.
    """

    class State(models.TextChoices):
        ASKED = "asked", "Waits for approval"
        APPROVED = "approved", "Approved"
        REFUSED = "refused", "Not approved"
        WITHDRAWN = "withdrawn", "Withdrawn"

    impersonal = frozenset({"state", "before", "after"})

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="corrections")
    establishment = models.ForeignKey(Establishment, on_delete=models.CASCADE, related_name="corrections")
    day = models.DateField(help_text="the shift's date")
    corrects = models.PositiveSmallIntegerField(choices=[(Level.PLAN, "Hours"), (Level.OVERTIME, "Overtime")])
    before = models.JSONField(help_text="as it counted when this was asked for")
    after = models.JSONField(null=True)
    reason = models.CharField(max_length=300)
    asked_at = models.DateTimeField(default=clock.now)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    state = models.CharField(max_length=9, choices=State.choices, default=State.ASKED)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    note = models.CharField(max_length=300, blank=True, help_text="why it is not approved")

    objects = OfDayQuerySet.as_manager()

    class Meta:
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "day", "corrects"], condition=Q(state="asked"), name="one_correction_waits_at_a_time"
            ),
            models.CheckConstraint(condition=~Q(decided_by=F("asked_by")) | ~Q(state="approved"),
                                   name="a_correction_is_approved_by_somebody_else"),
        ]  # fmt: skip


class LogEntry(models.Model):
    """The handover log of a day. ``step``: a step of the daily clock that somebody has done (staff-roster 9.2)."""

    class Step(models.TextChoices):
        NOTE = "", "Note"
        REVIEWED = "reviewed", "Final detail reviewed"
        CALLS = "calls", "Sickness calls logged, no-shows flagged"
        HANDOVER = "handover", "Night handover acknowledged"
        CONFIRMED = "confirmed", "Actual hours and cases confirmed"

    impersonal = frozenset({"step"})

    establishment = models.ForeignKey(Establishment, on_delete=models.CASCADE, related_name="log_entries")
    day = models.DateField()
    step = models.CharField(max_length=9, choices=Step.choices, blank=True)
    text = models.CharField(max_length=1000, blank=True)
    at = models.DateTimeField(default=clock.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = OfDayQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        verbose_name_plural = "log entries"
        constraints = [
            models.UniqueConstraint(
                fields=["establishment", "day", "step"], condition=~Q(step=""), name="a_step_is_done_once_a_day"
            )
        ]


class SheetIssue(models.Model):
    """A numbered issue of the detail sheet, frozen: 16:00 the day before, 07:00, at the end (staff-roster 9.1)."""

    history = False
    impersonal = frozenset({"name"})

    establishment = models.ForeignKey(Establishment, on_delete=models.CASCADE, related_name="sheet_issues")
    day = models.DateField()
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=40)
    content = models.JSONField(help_text="roster.day.printing.Page: exactly what was on the wall")
    at = models.DateTimeField(default=clock.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = OfDayQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["establishment", "day", "number"], name="issue_number_once_a_day")
        ]


class CaseRecord(models.Model):
    """What a case outside the gate needs beside its times and numbers. A reference, never a prisoner's name."""

    impersonal = frozenset({"place", "reference"})

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="record")
    prisoner_reference = models.CharField(max_length=20, blank=True)
    place = models.CharField(max_length=80, blank=True, help_text="hospital, court")
    reference = models.CharField(max_length=40, blank=True, help_text="of the escort or the hired vehicle")
    risk_assessed = models.PositiveSmallIntegerField(null=True, blank=True, help_text="staff by the risk assessment")
    payment_plus = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"record of case {self.case_id}"
