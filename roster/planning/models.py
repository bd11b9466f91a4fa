"""Planning periods, drafts and optimiser runs (staff-roster 8). Nothing here is seen by staff before it is published.

A draft holds only where it *differs* from what is published: a period that is opened shows what is published already,
and sickness or a swap that comes in meanwhile shows in every draft that says nothing about that day. A day's content
is the JSON of ``roster.planning.days.Day``.
"""

from datetime import date, timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from foundation import clock
from roster.dated import Dated, DatedQuerySet
from roster.establishment.models import Person, PlanningUnit, never_twice
from roster.establishment.roles import establishments_for


class PeriodQuerySet(DatedQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Periods of units whose plan the user may see today."""
        return self.filter(unit__establishment__in=establishments_for(user, "plan.see"))


class PlanningPeriod(Dated):
    """Four weeks of one unit. ``state`` is what somebody did; live and worked follow from the date (``stage``)."""

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        REQUESTS = "requests", "Requests open"
        APPROVING = "approving", "Partly approved"
        PUBLISHED = "published", "Published"
        FINALISED = "finalised", "Finalised"

    NEXT = {
        State.DRAFT: (State.REQUESTS, State.APPROVING),
        State.REQUESTS: (State.APPROVING, State.DRAFT),
        State.APPROVING: (State.PUBLISHED, State.DRAFT),
        State.PUBLISHED: (State.FINALISED,),
        State.FINALISED: (),
    }
    """To publish is an action of its own (``planning.publishing``), once a manager has signed."""

    impersonal = frozenset({"state"})

    unit = models.ForeignKey(PlanningUnit, on_delete=models.PROTECT, related_name="periods")
    state = models.CharField(max_length=9, choices=State.choices, default=State.DRAFT)
    requests_until = models.DateField(null=True, blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    published_at = models.DateTimeField(null=True, blank=True)
    finalised_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=0)

    objects = PeriodQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ["valid"]
        constraints = [never_twice("one_period_a_day", "unit")]

    def __str__(self) -> str:
        return f"{self.first:%-d %B} to {self.last:%-d %B %Y}"

    @property
    def first(self) -> date:
        return self.valid.lower  # type: ignore[no-any-return]

    @property
    def last(self) -> date:
        return self.valid.upper - timedelta(days=1)  # type: ignore[no-any-return]

    @property
    def days(self) -> list[date]:
        return [self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)]

    @property
    def is_published(self) -> bool:
        return self.state in (self.State.PUBLISHED, self.State.FINALISED)

    @property
    def stage(self) -> str:
        """The state in words: of what is published also whether it runs, or has been worked."""
        if self.state == self.State.PUBLISHED:
            today = clock.today()
            return "Worked" if today > self.last else "Live" if today >= self.first else "Published"
        return self.State(self.state).label


class Draft(models.Model):
    """A plan for a period that nobody but planners sees. ``revision`` counts its edits; a cell's version is the
    revision that wrote it.
    """

    class Kind(models.TextChoices):
        WORKING = "working", "Working draft"
        OPTIMISER = "optimiser", "Optimiser's proposal"
        WHAT_IF = "what_if", "What-if"

    impersonal = frozenset({"kind", "name"})

    period = models.ForeignKey(PlanningPeriod, on_delete=models.CASCADE, related_name="drafts")
    kind = models.CharField(max_length=9, choices=Kind.choices, default=Kind.WORKING)
    name = models.CharField(max_length=60, blank=True)
    based_on = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    revision = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField(default=clock.now)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["period"], condition=Q(kind="working"), name="one_working_draft_a_period")
        ]

    def __str__(self) -> str:
        return self.name or self.Kind(self.kind).label


class DraftCell(models.Model):
    """What a draft says about one person's day. ``seen`` is the version of the published day that it was made over:
    if that has changed since, the cell cannot be published before somebody has looked at both.
    """

    history = False
    impersonal = frozenset({"content", "source"})

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="cells")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    shift_date = models.DateField()
    content = models.JSONField(default=dict, help_text="roster.planning.days.Day; empty: an empty day")
    locked = models.BooleanField(default=False, help_text="kept by insertion and optimiser")
    source = models.CharField(max_length=12, default="hand", help_text="as in Duty")
    seen = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=0)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    changed_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["draft", "person", "shift_date"], name="draft_says_once_what_a_day_is")
        ]


class Edit(models.Model):
    """One step of a planner in a draft, for undo and redo: the days before and after. The last 50 are kept."""

    history = False
    impersonal = frozenset({"words", "days"})

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="edits")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(default=clock.now)
    words = models.CharField(max_length=100, help_text="what was done, for the button")
    days = models.JSONField(help_text="list of person, date, before, after")
    undone = models.BooleanField(default=False)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["draft", "by"], name="edits_of_a_planner")]


class Publication(models.Model):
    """What one act of publishing changed, so that it can be taken back while the changes settle.

    ``held_back``: people who were left out when the period was first published, and after this act still are. Staff
    see nothing of their plan yet; what is published of them later is for them the first publication.
    """

    impersonal = frozenset({"reason", "days", "held_back"})

    period = models.ForeignKey(PlanningPeriod, on_delete=models.CASCADE, related_name="publications")
    first = models.BooleanField(default=False)
    at = models.DateTimeField(default=clock.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    reason = models.CharField(max_length=300, blank=True)
    days = models.JSONField(help_text="list of person, date, before, after")
    held_back = models.JSONField(default=list, blank=True, help_text="numbers of people")
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]


class Presence(models.Model):
    """A planner who has a period open: shown to the others, and forgotten when the page is closed."""

    history = False

    period = models.ForeignKey(PlanningPeriod, on_delete=models.CASCADE, related_name="presences")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["period", "user"], name="present_once")]


class Run(models.Model):
    """One run of the optimiser for a draft: a subprocess, on a queue of its own."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        STOPPED = "stopped", "Stopped"
        FAILED = "failed", "Failed"

    history = False
    impersonal = frozenset({"state", "options", "log", "report", "trouble"})

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="runs")
    result = models.OneToOneField(Draft, null=True, blank=True, on_delete=models.SET_NULL, related_name="run")
    state = models.CharField(max_length=7, choices=State.choices, default=State.WAITING)
    seconds = models.PositiveIntegerField(default=60, help_text="when it ends at the latest")
    options = models.JSONField(default=dict, blank=True, help_text="roster.planning.to_problem.Options")
    asked_at = models.DateTimeField(default=clock.now)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    stop_asked = models.BooleanField(default=False)
    attempts = models.PositiveSmallIntegerField(default=0)
    log = models.JSONField(default=list, blank=True, help_text="progress: seconds, cost, bound")
    report = models.JSONField(default=dict, blank=True, help_text="cost by rule, gaps, what could not be kept")
    trouble = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["draft"], condition=Q(state__in=["waiting", "running"]), name="one_run_of_a_draft_at_a_time"
            )
        ]

    @property
    def is_over(self) -> bool:
        return self.state not in (self.State.WAITING, self.State.RUNNING)
