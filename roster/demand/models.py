"""Demand: posts, how many people stand in them when, cases on top, and the regime that it allows (staff-roster 7)."""

from datetime import date, timedelta
from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from foundation import clock
from roster.activities.models import Activity
from roster.dated import Dated, DatedQuerySet
from roster.establishment.models import Establishment, PlanningUnit, Skill
from roster.establishment.roles import establishments_for


class OfPlacesQuerySet(DatedQuerySet):
    def of(self, establishment: Establishment, unit: PlanningUnit | None = None) -> Self:
        """Those of the establishment as a whole, or of one of its units."""
        return self.filter(establishment=establishment, unit=unit)

    def visible_to(self, user: Any) -> Self:
        return self.filter(establishment__in=establishments_for(user, "demand.see"))


class Post(models.Model):
    """A post of an establishment, or of one of its units."""

    impersonal = frozenset({"name", "code"})

    establishment = models.ForeignKey(Establishment, on_delete=models.CASCADE, related_name="posts")
    unit = models.ForeignKey(PlanningUnit, null=True, blank=True, on_delete=models.CASCADE, related_name="posts")
    code = models.CharField(max_length=12)
    name = models.CharField(max_length=60)
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="+")
    skills = models.ManyToManyField(Skill, blank=True, related_name="+", help_text="needed by whoever stands here")
    closed_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=0)

    objects = OfPlacesQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["establishment", "code"], name="post_code_once")]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def last_day(self) -> date | None:
        return self.closed_on and self.closed_on - timedelta(days=1)

    @property
    def is_whole_unit(self) -> bool:
        """Where people of other units stand who were sent to this one, at no post of it."""
        return self.unit_id is not None and self.code == self.code_of_unit(self.unit_id)

    @staticmethod
    def code_of_unit(unit: int) -> str:
        return f"UNIT {unit}"


class DayType(models.TextChoices):
    WEEKDAY = "weekday", "Monday to Thursday"
    FRIDAY = "friday", "Friday"
    SATURDAY = "saturday", "Saturday"
    SUNDAY = "sunday", "Sunday"
    BANK_HOLIDAY = "bank_holiday", "Bank holiday"
    SPECIAL = "special", "Special regime day"


class SpecialDay(models.Model):
    """A day on which an establishment's regime is another one: training lock-down, early finish."""

    impersonal = frozenset({"name"})

    establishment = models.ForeignKey(Establishment, on_delete=models.CASCADE, related_name="special_days")
    day = models.DateField()
    name = models.CharField(max_length=60)

    objects = OfPlacesQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["establishment", "day"], name="one_special_day_a_day")]
        ordering = ["day"]


class Requirement(Dated):
    """How many people are needed at a time of the day, on days of these types.

    ``start, end``  seconds from 00:00, the end perhaps on the next day
    ``target``      full regime; below it ``minimum``, ``reduced`` and ``essential``: what each regime level needs
    ``alongside``   also those count who stand in another post: first aiders, C&R trained
    Who counts: anybody present in the unit (or establishment); with a post or activity only who is there for it; with
    a skill only who holds it that day; with bands only those grades.
    """

    impersonal = frozenset({"name", "day_types", "skill_level"})

    establishment = models.ForeignKey(Establishment, on_delete=models.CASCADE, related_name="requirements")
    unit = models.ForeignKey(PlanningUnit, null=True, blank=True, on_delete=models.CASCADE, related_name="requirements")
    name = models.CharField(max_length=60)
    post = models.ForeignKey(Post, null=True, blank=True, on_delete=models.CASCADE, related_name="requirements")
    activity = models.ForeignKey(Activity, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    skill = models.ForeignKey(Skill, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    skill_level = models.CharField(max_length=20, blank=True)
    lowest_band = models.PositiveSmallIntegerField(null=True, blank=True)
    highest_band = models.PositiveSmallIntegerField(null=True, blank=True)
    gender = models.CharField(max_length=1, blank=True, help_text="where lawful, for searching")
    alongside = models.BooleanField(default=False)
    day_types = ArrayField(models.CharField(max_length=12, choices=DayType.choices))
    start = models.IntegerField(help_text="seconds")
    end = models.IntegerField(help_text="seconds")
    target = models.PositiveSmallIntegerField()
    minimum = models.PositiveSmallIntegerField()
    reduced = models.PositiveSmallIntegerField()
    essential = models.PositiveSmallIntegerField()
    curtailed = models.CharField(max_length=120, blank=True, help_text="what stops when the target is not met")
    version = models.PositiveIntegerField(default=0)

    objects = OfPlacesQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ["name", "start", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="requirement_in_order"),
            models.CheckConstraint(
                condition=Q(target__gte=F("minimum"), minimum__gte=F("reduced"), reduced__gte=F("essential")),
                name="requirement_levels_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Case(models.Model):
    """Demand that comes and goes: a bedwatch, a constant watch, an escort, an incident."""

    class Kind(models.TextChoices):
        BEDWATCH = "bedwatch", "Bedwatch"
        WATCH = "watch", "Constant watch"
        ESCORT = "escort", "Escort"
        VISITS = "visits", "Visits session"
        COURT = "court", "Court"
        INCIDENT = "incident", "Incident"

    impersonal = frozenset({"kind", "name", "pay_reason"})

    establishment = models.ForeignKey(Establishment, on_delete=models.CASCADE, related_name="cases")
    unit = models.ForeignKey(PlanningUnit, null=True, blank=True, on_delete=models.CASCADE, related_name="cases")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    name = models.CharField(max_length=60, help_text="never a prisoner's name")
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    expected_end = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    people = models.PositiveSmallIntegerField(default=2)
    skill = models.ForeignKey(Skill, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    gender = models.CharField(max_length=1, blank=True)
    pay_reason = models.CharField(max_length=30, blank=True, help_text="code of the reason for Payment Plus")
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    version = models.PositiveIntegerField(default=0)

    objects = OfPlacesQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(expected_end__gt=F("starts_at")), name="case_in_order"),
            models.CheckConstraint(condition=Q(people__gte=1), name="case_needs_somebody"),
        ]

    @property
    def called_off(self) -> bool:
        """Before it began."""
        return self.ended_at == self.starts_at


class Level(models.IntegerChoices):
    """What regime the people on duty allow (staff-roster 7.2); the higher the better."""

    BELOW_RED = 0, "Below red"
    RED = 1, "Red"
    AMBER_RED = 2, "Amber-red"
    GREEN_AMBER = 3, "Green-amber"
    GREEN = 4, "Green"


class Half(models.TextChoices):
    MORNING = "am", "Morning"
    AFTERNOON = "pm", "Afternoon"


class Regime(models.Model):
    """The regime level that somebody has confirmed for half a day; ``proposed`` is what the numbers said then."""

    impersonal = frozenset({"half"})

    establishment = models.ForeignKey(Establishment, on_delete=models.CASCADE, related_name="regimes")
    unit = models.ForeignKey(PlanningUnit, null=True, blank=True, on_delete=models.CASCADE, related_name="regimes")
    day = models.DateField()
    half = models.CharField(max_length=2, choices=Half.choices)
    proposed = models.PositiveSmallIntegerField(choices=Level.choices)
    level = models.PositiveSmallIntegerField(choices=Level.choices)
    reason = models.CharField(max_length=300)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    confirmed_at = models.DateTimeField(default=clock.now)
    version = models.PositiveIntegerField(default=0)

    objects = OfPlacesQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["establishment", "unit", "day", "half"], nulls_distinct=False, name="one_regime_a_half_day"
            )
        ]

    def __str__(self) -> str:
        return f"regime {self.pk}"
