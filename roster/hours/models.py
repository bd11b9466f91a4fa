"""Rest that is owed after a permitted breach, and what moves an hours balance beside duties (staff-roster 13, 16.1)."""

from datetime import date
from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models
from django.db.models import Q

from foundation import clock
from roster.establishment.models import Person
from roster.establishment.roles import establishments_for
from roster.rules.models import OfPeopleQuerySet, RuleException


class OwedQuerySet(OfPeopleQuerySet):
    def open(self) -> Self:
        return self.filter(cleared_at=None)

    def had(self) -> Self:
        """What has been made up, the latest first."""
        return self.exclude(cleared_at=None).order_by("-cleared_at")


class RestOwed(models.Model):
    """Minutes of compensatory rest that a person is owed, until they have been had (regulation 24).

    ``assigned``: the gap between two shifts in which they are to be had, beyond the usual rest. A person who is owed
    rest is permitted no further breach.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="rest_owed")
    exception = models.OneToOneField(RuleException, on_delete=models.PROTECT, related_name="rest_owed")
    minutes = models.PositiveSmallIntegerField()
    since = models.DateTimeField(help_text="when the rest that was too short ended")
    due_on = models.DateField()
    assigned = DateTimeRangeField(null=True, blank=True)
    cleared_at = models.DateTimeField(null=True, blank=True)

    objects = OwedQuerySet.as_manager()

    class Meta:
        ordering = ["due_on"]
        constraints = [
            models.CheckConstraint(condition=Q(minutes__gt=0), name="rest_owed_something"),
            models.UniqueConstraint(fields=["person"], condition=Q(cleared_at=None), name="one_rest_owed_at_a_time"),
        ]

    def is_late(self, today: date) -> bool:
        return self.cleared_at is None and today > self.due_on


class AdjustmentQuerySet(models.QuerySet["Adjustment"]):
    def visible_to(self, user: Any) -> Self:
        units = Q(person__memberships__unit__establishment__in=establishments_for(user, "plan.see"))
        return self.filter(units & Q(person__memberships__valid__contains=clock.today())).distinct()


class Adjustment(models.Model):
    """Minutes put into a person's hours balance by hand (below 0: taken out), with the reason."""

    class Kind(models.TextChoices):
        OPENING = "opening", "Opening balance"
        TO_TOIL = "to_toil", "Moved to the TOIL ledger"
        PAID = "paid", "Paid as overtime"
        OTHER = "other", "Adjustment"

    impersonal = frozenset({"kind"})

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="hours_adjustments")
    day = models.DateField()
    kind = models.CharField(max_length=8, choices=Kind.choices)
    minutes = models.IntegerField()
    reason = models.CharField(max_length=300)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(default=clock.now)

    objects = AdjustmentQuerySet.as_manager()

    class Meta:
        ordering = ["day", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(minutes=0), name="adjustment_of_something")]
