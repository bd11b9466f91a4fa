"""Duties as published: the plan, overtime, and the day as it happens. Drafts live in ``planning``.

A person can be in one place at a time: no two live stretches of presence of one person overlap, plan and overtime
together. A full-day status (rest day, leave, sick) stands once a day on its level, over the shift that it covers,
which stays stored beneath.
"""

from datetime import date, datetime
from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Exists, OuterRef, Q

from foundation import clock
from roster.activities.models import Activity, TemplateVersion
from roster.establishment.models import Membership, Person, PlanningUnit
from roster.establishment.roles import beyond_team, establishments_for, team_of


class Level(models.IntegerChoices):
    """As the legacy system numbers them (staff-roster 8.1); 4002 is ours, so that a correction says what it corrects.
    Other systems see the plan and overtime only.
    """

    PLAN = 1000, "Plan"
    REQUEST = 2000, "Request"
    ACTUAL = 3000, "Actual"
    OVERTIME = 4000, "Overtime"
    CORRECTION = 4001, "Correction of hours"
    OVERTIME_CORRECTION = 4002, "Correction of overtime"
    AVAILABILITY = 6000, "Availability"
    ON_CALL = 6001, "On call"


CORRECTIONS = {Level.PLAN: Level.CORRECTION, Level.OVERTIME: Level.OVERTIME_CORRECTION}
"""Where a closed day was corrected, that counts in place of what was published; both stay."""


class DutyQuerySet(models.QuerySet["Duty"]):
    def whole(self) -> Self:
        """With all that a page shows of a duty, in two queries."""
        return self.select_related("template_version__template", "activity", "post").prefetch_related("items__activity")

    def between(self, first: date, last: date) -> Self:
        """Live duties of shift dates from first to last, both included."""
        return self.filter(live=True, shift_date__range=(first, last))

    def top(self) -> Self:
        """What counts: live, and nothing stands over it."""
        return self.filter(live=True, covered_by=None)

    def present(self, lower: datetime, upper: datetime) -> Self:
        """Presence (plan and overtime) that touches this stretch of time."""
        return self.filter(presence(), level__in=[Level.PLAN, Level.OVERTIME], span__overlap=(lower, upper))

    def visible_to(self, user: Any) -> Self:
        """One's own, and those of units whose plan the user may see today."""
        places = establishments_for(user, "plan.see")
        return self.filter(Q(person__user=user) | Q(unit__establishment__in=places))


class Duty(models.Model):
    """One shift, or one full-day status, of a person on a shift date, as published.

    ``span`` is the true time (UTC) of presence, both clock changes considered; None for a full-day status.
    ``covered_by``: the status that stands over this shift; a covered shift is no presence.
    ``live``: false once it was replaced or removed; history stays.
    ``version``: of the person's day on this level, the same for all its live rows; grows with every change of it.
    """

    impersonal = frozenset({"source"})

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="duties")
    unit = models.ForeignKey(PlanningUnit, on_delete=models.PROTECT, related_name="duties")
    shift_date = models.DateField()
    level = models.PositiveSmallIntegerField(choices=Level.choices, default=Level.PLAN)
    template_version = models.ForeignKey(
        TemplateVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    activity = models.ForeignKey(
        Activity, null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        help_text="of a duty without a template, and of a full-day status",
    )  # fmt: skip
    start = models.IntegerField(null=True, blank=True, help_text="seconds from 00:00 of the shift date; None: full day")
    end = models.IntegerField(null=True, blank=True, help_text="seconds")
    span = DateTimeRangeField(null=True, blank=True)
    covered_by = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="covers")
    post = models.ForeignKey("roster.Post", null=True, blank=True, on_delete=models.SET_NULL, related_name="duties")
    locked = models.BooleanField(default=False, help_text="kept by insertion and optimiser")
    source = models.CharField(max_length=12, default="hand", help_text="pattern, optimiser, hand, swap, leave, sick")
    live = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(default=clock.now)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = DutyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "duties"
        constraints = [
            ExclusionConstraint(
                name="one_place_at_a_time",
                expressions=[("person", RangeOperators.EQUAL), ("span", RangeOperators.OVERLAPS)],
                condition=Q(live=True, covered_by=None, span__isnull=False) & Q(level__in=[Level.PLAN, Level.OVERTIME]),
            ),
            models.UniqueConstraint(
                fields=["person", "shift_date", "level"],
                condition=Q(live=True, span=None),
                name="one_full_day_status_a_day",
            ),
            models.CheckConstraint(
                condition=Q(start=None, end=None, span=None)
                | Q(start__isnull=False, end__isnull=False, span__isnull=False),
                name="duty_full_day_or_timed",
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "shift_date"], condition=Q(live=True), name="duties_of_a_unit"),
            models.Index(fields=["person", "shift_date"], condition=Q(live=True), name="duties_of_a_person"),
        ]

    def __str__(self) -> str:
        return f"duty {self.pk}"


class DutyItem(models.Model):
    """One detail of a duty: an activity from ``start`` to ``end``, in seconds from 00:00 of the shift date.

    Never altered: a duty with other details is another duty, and the one before stays as it was.
    """

    history = False

    duty = models.ForeignKey(Duty, on_delete=models.CASCADE, related_name="items")
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="+")
    start = models.IntegerField(help_text="seconds")
    end = models.IntegerField(help_text="seconds")
    post = models.ForeignKey("roster.Post", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["start", "pk"]


class ChangeQuerySet(models.QuerySet["Change"]):
    def visible_to(self, user: Any) -> Self:
        """Of people who belonged to the user's establishments on the shift's date; a line manager's, of the team."""
        places = beyond_team(user, "audit.see")
        there = Membership.objects.filter(
            person=OuterRef("person"), valid__contains=OuterRef("shift_date"), unit__establishment__in=places
        )
        return self.filter(Exists(there) | Q(person__in=team_of(user)))


class Change(models.Model):
    """One published change of one person's day: what was, what is, who and why. Written in the publishing
    transaction; the feed, the diary and notices only read it. The database lets the application alter nothing of it
    but ``settled_at`` (R-094).
    """

    class Action(models.TextChoices):
        ADD = "ADD"
        EDIT = "EDIT"
        DELETE = "DELETE"

    history = False
    impersonal = frozenset({"action", "before", "after", "reason"})

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="changes")
    shift_date = models.DateField()
    level = models.PositiveSmallIntegerField(choices=Level.choices)
    action = models.CharField(max_length=6, choices=Action.choices)
    before = models.JSONField(default=dict, help_text="times and activities as they were; empty for ADD")
    after = models.JSONField(default=dict, help_text="empty for DELETE")
    reason = models.CharField(max_length=300, blank=True)
    first_publication = models.BooleanField(default=False)
    short_notice = models.BooleanField(default=False, help_text="the officer is asked whether they agree")
    at = models.DateTimeField(default=clock.now, db_index=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    settled_at = models.DateTimeField(null=True, blank=True, help_text="when its person was told, or needed not be")

    objects = ChangeQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["person", "at"], name="changes_of_a_person"),
            models.Index(fields=["person", "shift_date"], condition=Q(settled_at=None), name="changes_unsettled"),
        ]

    @property
    def is_correction(self) -> bool:
        """Of a day that was closed: what counts, and not who works when."""
        return self.level in CORRECTIONS.values()


def presence(**more: Any) -> Q:
    """Duties that are presence: live, uncovered, with a time."""
    return Q(live=True, covered_by=None, span__isnull=False, **more)
