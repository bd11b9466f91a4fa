"""The rule book of a cell, and the registers that rules ask (staff-roster 16).

What a rule is, its parameters and their usual values are declared in the optimiser's rule files; here stands only
what *differs*: nationally, in this region, or in one establishment, from a day on.
"""

from datetime import date, timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from foundation import clock
from roster.dated import Dated, DatedQuerySet
from roster.establishment.models import Establishment, Person, never_twice
from roster.establishment.roles import establishments_for


class SettingQuerySet(DatedQuerySet):
    def of(self, establishment: Establishment | None) -> Self:
        """Those that say something about this establishment (None: about the region as a whole)."""
        return self.filter(Q(establishment=None) | Q(establishment=establishment))

    def visible_to(self, user: Any) -> Self:
        """Everybody reads what is national or regional; an establishment's own only those who see its rules."""
        return self.filter(Q(establishment=None) | Q(establishment__in=establishments_for(user, "rules.see")))


class RuleSetting(Dated):
    """Level and parameters of a rule that differ from the level above it, while they hold.

    ``parameters``: names as the rule's file declares them, ``level`` and ``price`` among them.
    ``permit``: whether a breach may be permitted at all (with compensatory rest where the law asks for it); None: as
    the level above says.
    """

    class Scope(models.TextChoices):
        NATIONAL = "national", "National"
        REGION = "region", "Region"
        ESTABLISHMENT = "establishment", "Establishment"

    impersonal = frozenset({"rule", "scope", "parameters", "reason"})

    rule = models.CharField(max_length=40, help_text="name of a rule of the optimiser's rule book")
    scope = models.CharField(max_length=13, choices=Scope.choices)
    establishment = models.ForeignKey(
        Establishment, null=True, blank=True, on_delete=models.CASCADE, related_name="rule_settings"
    )
    parameters = models.JSONField(default=dict, blank=True)
    permit = models.BooleanField(null=True, blank=True)
    reason = models.CharField(max_length=300)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    version = models.PositiveIntegerField(default=0)

    objects = SettingQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        constraints = [
            never_twice("one_setting_a_day", "rule", "scope", condition=Q(establishment=None)),
            never_twice("one_own_setting_a_day", "rule", "establishment", condition=Q(establishment__isnull=False)),
            models.CheckConstraint(
                condition=Q(scope="establishment", establishment__isnull=False)
                | Q(scope__in=["national", "region"], establishment=None),
                name="rule_setting_scope",
            ),
        ]

    @property
    def where(self) -> str:
        return str(self.establishment) if self.establishment else self.Scope(self.scope).label


class OfPeopleQuerySet(DatedQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Rows about people who are, today, in a unit whose rules the user may see."""
        units = Q(person__memberships__unit__establishment__in=establishments_for(user, "rules.see"))
        today = Q(person__memberships__valid__contains=clock.today())
        return self.filter(units & today).distinct()


class RuleException(Dated):
    """A breach of one rule by one person that somebody with the right has permitted: why, and until when."""

    impersonal = frozenset({"rule"})

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="exceptions")
    rule = models.CharField(max_length=40)
    reason = models.CharField(max_length=300)
    permitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    permitted_at = models.DateTimeField(default=clock.now)

    objects = OfPeopleQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        constraints = [
            never_twice("one_exception_a_day", "person", "rule"),
            models.CheckConstraint(condition=Q(valid__endswith__isnull=False), name="exception_ends"),
        ]


class OptOut(models.Model):
    """A written agreement to work more than 48 hours a week on average (regulation 5): W5.

    It ends when the notice that was given has run. Nobody may be put at a disadvantage for not signing.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="opt_outs")
    signed_on = models.DateField()
    notice_days = models.PositiveSmallIntegerField(default=7)
    withdrawn_on = models.DateField(null=True, blank=True, help_text="the day on which notice was given")
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    version = models.PositiveIntegerField(default=0)

    objects = OfPeopleQuerySet.as_manager()

    class Meta:
        ordering = ["-signed_on"]
        constraints = [
            models.CheckConstraint(condition=Q(notice_days__range=(7, 90)), name="opt_out_notice"),
            models.CheckConstraint(
                condition=Q(withdrawn_on=None) | Q(withdrawn_on__gte=models.F("signed_on")), name="opt_out_in_order"
            ),
            models.UniqueConstraint(fields=["person"], condition=Q(withdrawn_on=None), name="one_opt_out_at_a_time"),
        ]

    @property
    def last_day(self) -> date | None:
        """The last day on which it holds; None: no end."""
        return self.withdrawn_on + timedelta(days=self.notice_days - 1) if self.withdrawn_on else None

    def holds_on(self, day: date) -> bool:
        return self.signed_on <= day and (self.last_day is None or day <= self.last_day)


class NightAssessment(models.Model):
    """A night worker's free health assessment (regulation 7): W9. Only that it was done and when the next is due."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="night_assessments")
    done_on = models.DateField()
    due_on = models.DateField(help_text="the last day on which it is good enough")
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = OfPeopleQuerySet.as_manager()

    class Meta:
        ordering = ["-done_on"]
        constraints = [
            models.CheckConstraint(condition=Q(due_on__gt=models.F("done_on")), name="night_assessment_in_order"),
            models.UniqueConstraint(fields=["person", "done_on"], name="night_assessment_once_a_day"),
        ]


class HazardPostQuerySet(DatedQuerySet):
    def visible_to(self, user: Any) -> Self:
        return self.filter(post__establishment__in=establishments_for(user, "rules.see"))


class HazardPost(Dated):
    """A post whose nights are declared to be of special hazard or heavy strain (regulation 6(7)): W8."""

    impersonal = frozenset({"reason"})

    post = models.ForeignKey("roster.Post", on_delete=models.CASCADE, related_name="hazards")
    reason = models.CharField(max_length=300, help_text="the assessment that found the hazard")
    declared_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = HazardPostQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        constraints = [never_twice("hazard_declared_once_a_day", "post")]
