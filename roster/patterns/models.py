"""Rota patterns with their dated versions, the cells of their lines, and the people who follow them (staff-roster 6).

A line is one week, Monday to Sunday; a person moves down one line each week and from the last to the first again.
"""

from datetime import date, timedelta
from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Q

from foundation import clock
from roster.activities.models import Template
from roster.dated import Dated, DatedQuerySet
from roster.establishment.models import Establishment, Person, PlanningUnit, never_twice
from roster.establishment.roles import establishments_for

MOST_LINES = 53
NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


class PatternQuerySet(models.QuerySet["Pattern"]):
    def visible_to(self, user: Any, verb: str = "pattern.see") -> Self:
        return self.filter(establishment__in=establishments_for(user, verb))


class Pattern(models.Model):
    """A rota of an establishment, measured against the hours of one contract. Its content is in dated versions."""

    impersonal = frozenset({"name"})

    establishment = models.ForeignKey(Establishment, on_delete=models.CASCADE, related_name="patterns")
    unit = models.ForeignKey(PlanningUnit, null=True, blank=True, on_delete=models.SET_NULL, related_name="patterns")
    name = models.CharField(max_length=60)
    weekly_minutes = models.PositiveIntegerField(help_text="by the contract of those who follow it")

    objects = PatternQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["establishment", "name"], name="pattern_name_once")]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class PatternVersion(Dated):
    """What a pattern is made of. A draft becomes a consultation copy, then is approved for the days in ``valid``."""

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        CONSULTED = "consulted", "In consultation"
        APPROVED = "approved", "Approved"
        ACTIVE = "active", "Active"
        RETIRED = "retired", "Retired"

    impersonal = frozenset({"state"})

    pattern = models.ForeignKey(Pattern, on_delete=models.CASCADE, related_name="versions")
    lines = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=9, choices=State.choices[:3], default=State.DRAFT)
    valid = DateRangeField(null=True, blank=True, help_text="of an approved version; empty: replaced before its day")
    consulted_on = models.DateField(null=True, blank=True, help_text="first day of the consultation")
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            never_twice("one_pattern_version_a_day", "pattern"),
            models.UniqueConstraint(
                fields=["pattern"], condition=~Q(state="approved"), name="one_open_version_of_a_pattern"
            ),
            models.CheckConstraint(condition=Q(lines__range=(1, MOST_LINES)), name="pattern_lines"),
            models.CheckConstraint(
                condition=Q(state="approved", valid__isnull=False) | (~Q(state="approved") & Q(valid=None)),
                name="approved_pattern_has_days",
            ),
        ]
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"pattern version {self.pk}"

    def holds_on(self, day: date) -> bool:
        return self.valid is not None and super().holds_on(day)

    @property
    def first_day(self) -> date | None:
        return None if self.valid is None else super().first_day

    @property
    def last_day(self) -> date | None:
        return None if self.valid is None else super().last_day

    @property
    def consulted_until(self) -> date | None:
        """The last day on which comments can be made; from the next it can be approved."""
        return self.consulted_on and self.consulted_on + timedelta(days=settings.PATTERN_CONSULTATION_DAYS - 1)

    def stage(self, day: date) -> State:
        """The state on a day: an approved version becomes active on its first day, and retires after its last."""
        if self.valid is None:
            return self.State(self.state)
        if self.valid.isempty or (self.last_day is not None and self.last_day < day):
            return self.State.RETIRED
        return self.State.ACTIVE if self.holds_on(day) else self.State.APPROVED


class PatternDay(models.Model):
    """A cell: a template on a weekday of a line. A full-day template is a status; no row is an empty cell."""

    version = models.ForeignKey(PatternVersion, on_delete=models.CASCADE, related_name="cells")
    line = models.PositiveSmallIntegerField(help_text="from 0")
    weekday = models.PositiveSmallIntegerField(help_text="Monday 0")
    template = models.ForeignKey(Template, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey("roster.Post", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    unit = models.ForeignKey(PlanningUnit, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "line", "weekday"], name="one_cell_a_day_of_a_line"),
            models.CheckConstraint(
                condition=Q(weekday__lte=6) & Q(line__lt=MOST_LINES), name="pattern_cell_in_the_table"
            ),
        ]
        ordering = ["line", "weekday"]


class PatternComment(models.Model):
    """What somebody said of a version in consultation. Never altered."""

    version = models.ForeignKey(PatternVersion, on_delete=models.CASCADE, related_name="comments")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    on_behalf_of = models.CharField(max_length=60, blank=True, help_text="a unit or a union")
    text = models.TextField(max_length=2000)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["at", "pk"]


class AssignmentQuerySet(DatedQuerySet):
    def whole(self) -> Self:
        """With what ``cells`` reads of each."""
        return self.select_related("person", "pattern").prefetch_related("person__contracts")

    def visible_to(self, user: Any, verb: str = "pattern.see") -> Self:
        return self.filter(pattern__establishment__in=establishments_for(user, verb))


class Assignment(Dated):
    """A person follows a pattern: on the reference Monday on line ``start_line``, one line further every week.

    ``agreed_days``: the weekdays of a line share (Monday 0); empty: those of the contract, if it names any.
    """

    impersonal = frozenset({"agreed_days"})

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="patterns")
    pattern = models.ForeignKey(Pattern, on_delete=models.PROTECT, related_name="assignments")
    start_line = models.PositiveSmallIntegerField(default=0, help_text="from 0")
    reference = models.DateField(help_text="a Monday")
    agreed_days = models.JSONField(default=list, blank=True)
    version = models.PositiveIntegerField(default=0)

    objects = AssignmentQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        constraints = [
            never_twice("one_pattern_a_day", "person"),
            models.CheckConstraint(condition=Q(reference__iso_week_day=1), name="reference_is_a_monday"),
            models.CheckConstraint(condition=Q(start_line__lt=MOST_LINES), name="assignment_start_line"),
        ]
        ordering = ["start_line", "person__last_name", "person__first_name"]

    def __str__(self) -> str:
        return f"assignment {self.pk}"
