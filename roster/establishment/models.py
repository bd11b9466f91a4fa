"""Region (this cell) > establishment > function > planning unit > member, and the people (staff-roster 4)."""

from datetime import date
from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from foundation import clock
from roster.dated import Dated


def never_twice(name: str, *fields: str, condition: Q | None = None) -> ExclusionConstraint:
    """Of rows that agree in these fields no two may hold on one day."""
    expressions: list[tuple[Any, str]] = [(field, RangeOperators.EQUAL) for field in fields]
    return ExclusionConstraint(
        name=name, expressions=[*expressions, ("valid", RangeOperators.OVERLAPS)], condition=condition
    )


WEEKDAYS = ["Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays"]


def weekdays(numbers: list[int]) -> str:
    """Mondays, Tuesdays and Fridays."""
    *most, last = [WEEKDAYS[each] for each in numbers]
    return f"{', '.join(most)} and {last}" if most else last


def here(path: str = "") -> Q:
    """Has not left by today; ``path`` leads to the person ("person__")."""
    return Q(**{f"{path}left_on": None}) | Q(**{f"{path}left_on__gte": clock.today()})


class EstablishmentQuerySet(models.QuerySet["Establishment"]):
    def visible_to(self, user: Any, verb: str = "unit.see") -> Self:
        from roster.establishment.roles import establishments_for  # which reads these tables

        return self.filter(pk__in=establishments_for(user, verb))


class PlanningUnitQuerySet(models.QuerySet["PlanningUnit"]):
    def visible_to(self, user: Any, verb: str = "unit.see") -> Self:
        return self.filter(establishment__in=Establishment.objects.visible_to(user, verb))

    def open(self) -> Self:
        """Not closed by today."""
        return self.filter(Q(closed_on=None) | Q(closed_on__gt=clock.today()))


class PersonQuerySet(models.QuerySet["Person"]):
    def visible_to(self, user: Any, verb: str = "unit.see") -> Self:
        """Who is in a unit of the user's establishments today or later. With it ends what one may see of them."""
        from roster.establishment.roles import everywhere

        if everywhere(user, verb):
            return self.all()
        today = clock.today()
        units = PlanningUnit.objects.visible_to(user, verb)
        members = Membership.objects.filter(unit__in=units, valid__overlap=(today, None))
        return self.filter(pk__in=members.values("person"))

    def named(self, text: str) -> Self:
        """Whose names begin with the words, or who has this staff number or user name."""
        found = self
        for word in text.split():
            found = found.filter(
                Q(last_name__istartswith=word)
                | Q(first_name__istartswith=word)
                | Q(user_name__iexact=word)
                | Q(staff_number=word)
            )
        return found


class Establishment(models.Model):
    """A prison, or a multi-site unit such as a dog section, by its code in all systems (BMI)."""

    class Kind(models.TextChoices):
        PRISON = "establishment", "Prison"
        MULTI_SITE = "multi_site", "Multi-site unit"

    impersonal = frozenset({"code", "name", "category", "kind"})

    code = models.CharField(max_length=10, unique=True)
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=13, choices=Kind.choices, default=Kind.PRISON)
    category = models.CharField(max_length=20, blank=True)
    closed_on = models.DateField(null=True, blank=True)

    objects = EstablishmentQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Function(models.Model):
    """A part of an establishment's business: Residential, Operations, Security."""

    impersonal = frozenset({"name"})

    establishment = models.ForeignKey(Establishment, on_delete=models.CASCADE, related_name="functions")
    name = models.CharField(max_length=50)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["establishment", "name"], name="function_name_once")]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class PlanningUnit(models.Model):
    """A group of people who are rostered together. A unit that is given up is closed, never deleted."""

    impersonal = frozenset({"name", "abbreviation"})

    establishment = models.ForeignKey(Establishment, on_delete=models.CASCADE, related_name="units")
    function = models.ForeignKey(Function, null=True, blank=True, on_delete=models.SET_NULL, related_name="units")
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="children")
    name = models.CharField(max_length=50)
    abbreviation = models.CharField(max_length=25)
    interval = models.PositiveSmallIntegerField(default=15, help_text="minutes")
    closed_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=0)

    objects = PlanningUnitQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["establishment", "name"], name="unit_name_once")]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def name_on(self, day: date) -> str:
        """What it was or will be called on that day."""
        dated = self.names.filter(valid__contains=day).first()
        return dated.name if dated else self.name


class UnitName(Dated):
    """What a unit is called from day to day, once it has been renamed; its own columns say what it is called today."""

    impersonal = frozenset({"name", "abbreviation"})

    unit = models.ForeignKey(PlanningUnit, on_delete=models.CASCADE, related_name="names")
    name = models.CharField(max_length=50)
    abbreviation = models.CharField(max_length=25)

    class Meta:
        constraints = [never_twice("one_unit_name_a_day", "unit")]


class Grade(models.Model):
    """A grade in words and band; ``scheme`` is how extra hours are paid (staff-roster 4.3)."""

    class Scheme(models.TextChoices):
        PAYMENT_PLUS = "payment_plus", "Payment Plus"
        OVERTIME = "overtime", "Overtime (OSG)"
        NONE = "none", "None"

    impersonal = frozenset({"code", "title", "scheme"})

    code = models.CharField(max_length=10, unique=True, help_text="OSG, OFF, SO, CM, HOF")
    title = models.CharField(max_length=60)
    band = models.PositiveSmallIntegerField()
    scheme = models.CharField(max_length=12, choices=Scheme.choices, default=Scheme.NONE)

    class Meta:
        ordering = ["band", "title"]

    def __str__(self) -> str:
        return self.title


class Person(models.Model):
    """A member of staff. ``user_name`` is the name that every system knows them by (Quantum ID), in any case.

    ``left_on``: their last day, once it is known.
    """

    class Gender(models.TextChoices):
        FEMALE = "F", "Female"
        MALE = "M", "Male"

    staff_number = models.CharField(max_length=12, unique=True)
    user_name = models.CharField(max_length=30)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="person"
    )
    first_name = models.CharField(max_length=60)
    last_name = models.CharField(max_length=60)
    email = models.EmailField(max_length=254, blank=True)
    mobile = models.CharField(max_length=11, blank=True, help_text="07 and 8 or 9 digits")
    gender = models.CharField(max_length=1, choices=Gender.choices, blank=True, help_text="for posts where lawful")
    service_from = models.DateField(help_text="continuous service, for leave")
    left_on = models.DateField(null=True, blank=True)
    may_be_called = models.BooleanField(default=False, help_text="consents to calls on rest days")
    version = models.PositiveIntegerField(default=0)

    objects = PersonQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("user_name"), name="user_name_once_in_any_case")]
        indexes = [models.Index(Lower("last_name"), Lower("first_name"), name="person_names")]
        ordering = ["last_name", "first_name"]

    def __str__(self) -> str:
        return f"person {self.pk}"

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    @property
    def listed(self) -> str:
        """As lists are sorted: last name first."""
        return f"{self.last_name}, {self.first_name}"

    @property
    def has_left(self) -> bool:
        return self.left_on is not None and self.left_on < clock.today()


class Membership(Dated):
    """Who is in which unit, from when to when. Priority 1 is the main unit: one a day."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    unit = models.ForeignKey(PlanningUnit, on_delete=models.CASCADE, related_name="memberships")
    priority = models.PositiveSmallIntegerField(default=1)

    class Meta:
        constraints = [
            never_twice("one_main_unit_a_day", "person", condition=Q(priority=1)),
            never_twice("once_in_a_unit", "person", "unit"),
            models.CheckConstraint(condition=Q(priority__range=(1, 100)), name="membership_priority"),
        ]


class GradeHeld(Dated):
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="grades")
    grade = models.ForeignKey(Grade, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [never_twice("one_grade_a_day", "person")]


class Contract(Dated):
    """Hours by contract. ``agreed_days``: weekdays (Monday 0) on which a part-timer works; empty: any."""

    impersonal = frozenset({"agreed_days"})

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="contracts")
    weekly_minutes = models.PositiveIntegerField(help_text="net, averaged over the rota")
    fte = models.DecimalField(max_digits=4, decimal_places=3, default=1)
    days_per_week = models.DecimalField(max_digits=3, decimal_places=1, default=5)
    agreed_days = models.JSONField(default=list, blank=True)

    class Meta:
        constraints = [never_twice("one_contract_a_day", "person")]

    @property
    def on_days(self) -> str:
        """On Mondays and Tuesdays; empty: on any day."""
        return f"on {weekdays(self.agreed_days)}" if self.agreed_days else ""


class LineManager(Dated):
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="managers")
    manager = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="team")

    class Meta:
        constraints = [
            never_twice("one_manager_a_day", "person"),
            models.CheckConstraint(condition=~Q(person=models.F("manager")), name="nobody_manages_themselves"),
        ]


class Skill(models.Model):
    """An entry of the skill catalogue (staff-roster 4.4). ``months``: how long it lasts; None: no end."""

    impersonal = frozenset({"code", "name", "levels"})

    code = models.CharField(max_length=10, unique=True)
    name = models.CharField(max_length=80)
    levels = models.JSONField(default=list, blank=True, help_text="lowest first; empty: none")
    months = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class SkillHeld(Dated):
    """A skill of a person; from the day after its last it no longer meets any demand."""

    impersonal = frozenset({"level"})

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="skills")
    skill = models.ForeignKey(Skill, on_delete=models.PROTECT, related_name="+")
    level = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [never_twice("skill_held_once_a_day", "person", "skill")]


class PersonalRule(Dated):
    """What holds for one person only: no nights, adjusted hours, phased return. Planners see that, never why."""

    impersonal = frozenset({"rule", "parameters"})

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="rules")
    rule = models.CharField(max_length=40, help_text="the class of a rule of the optimiser")

    class Reason(models.TextChoices):
        AGREEMENT = "agreement", "Flexible working agreement"
        PHASED = "phased", "Phased return"
        HEALTH = "health", "Health"
        PREGNANCY = "pregnancy", "Pregnancy"
        CARE = "care", "Care of somebody else"
        YOUNG = "young", "Under 18"
        TERM = "term", "Term dates"
        OTHER = "other", "Another reason"

    parameters = models.JSONField(default=dict, blank=True)
    reason = models.CharField(max_length=40, blank=True, help_text="a code that only line managers see")

    class Meta:
        constraints = [never_twice("one_personal_rule_a_day", "person", "rule")]

    @property
    def words(self) -> str:
        """What holds, never why: "No nights, at most 10 hours a day"."""
        said = [words for name, value in sorted(self.parameters.items()) if (words := _in_words(name, value))]
        found = ", ".join(said or ["an agreed adjustment"])
        return found[0].upper() + found[1:]


def _in_words(name: str, value: Any) -> str:
    match name:
        case "nights" if not value:
            return "no nights"
        case "longest":
            return f"at most {value / 60:g} hours a day"
        case "earliest" | "latest":
            return f"not {'before' if name == 'earliest' else 'after'} {value // 60:02}:{value % 60:02}"
        case "weekdays":
            return f"only on {weekdays(value)}"
        case "without":
            return f"not the shifts {' and '.join(value)}"
    return ""


class RoleHeld(Dated):
    """What somebody may do, where, and from when to when (staff-roster 3). Without establishment: the whole region."""

    impersonal = frozenset({"role"})

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="roles")
    role = models.CharField(max_length=20, help_text="a key of roster.access.VERBS")
    establishment = models.ForeignKey(
        Establishment, null=True, blank=True, on_delete=models.CASCADE, related_name="roles_held"
    )
    starts_at = models.DateTimeField(null=True, blank=True, help_text="of a duty role: rights begin at this moment")
    ends_at = models.DateTimeField(null=True, blank=True, help_text="of a duty role: rights end at this moment")
    duty_day = models.DateField(null=True, blank=True, help_text="of a role that a shift brings: the shift's date")
