"""Spells of sickness, and apart from them their reasons (staff-roster 11.1).

A spell marks duties: the activity of its category stands over each published shift of its days, which stays stored
beneath. Whoever sees the plan sees that; the reason only the person and their line manager.
"""

from datetime import date, timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from foundation import clock
from roster.access import VERBS
from roster.dated import Dated, DatedQuerySet
from roster.establishment.models import Membership, Person, here, never_twice
from roster.establishment.roles import TEAM_ONLY, beyond_team, team_of


def handled(user: Any, verb: str = "day.sick") -> models.QuerySet[Person]:
    """Whose sickness the user may enter, or whose return: all of their prison; a line manager's, the team's."""
    members = Membership.objects.on(clock.today()).filter(unit__establishment__in=beyond_team(user, verb))
    found = Q(pk__in=members.values("person"))
    if verb in VERBS[TEAM_ONLY]:
        found |= Q(pk__in=team_of(user).values("pk"))
    return Person.objects.filter(found, here())


class SicknessQuerySet(DatedQuerySet):
    def open(self) -> Self:
        """Nobody has recorded a return yet."""
        return self.filter(valid__endswith=None)

    def visible_to(self, user: Any, verb: str = "day.sick") -> Self:
        """One's own, and those of people for whom the user handles sickness."""
        return self.filter(Q(person__user=user) | Q(person__in=handled(user, verb)))


class Sickness(Dated):
    """One spell, from its first day to its last; without a last day until somebody records the return.

    ``review_on``  the last day whose duties are marked while the spell is open
    ``from_time``  on the first day went off sick at this time (seconds from 00:00); what was worked before stays
    """

    class Category(models.TextChoices):
        """What the plan shows; each is an activity of the national set."""

        SICK = "sick", "Sick"
        INDUSTRIAL_INJURY = "industrial", "Sick - Industrial injury"

    impersonal = frozenset({"category"})

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="sicknesses")
    category = models.CharField(max_length=10, choices=Category.choices, default=Category.SICK)
    review_on = models.DateField()
    from_time = models.IntegerField(null=True, blank=True, help_text="seconds from 00:00 of the first day")
    reported_at = models.DateTimeField(default=clock.now)
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+",
        help_text="who took the call, or the person themselves",
    )  # fmt: skip
    fit_note_until = models.DateField(null=True, blank=True)
    returned_at = models.DateTimeField(null=True, blank=True, help_text="when the return was recorded")
    interviewed_on = models.DateField(null=True, blank=True, help_text="return-to-work interview")
    version = models.PositiveIntegerField(default=0)

    objects = SicknessQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        verbose_name_plural = "sicknesses"
        ordering = ["-valid"]
        constraints = [never_twice("sick_once_a_day", "person")]

    def __str__(self) -> str:
        return f"sickness {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.valid.upper is None

    @property
    def marked_to(self) -> date:
        """The last day whose duties it marks."""
        return self.last_day or self.review_on

    def calendar_days(self, today: date) -> int:
        """Days of illness so far, rest days too."""
        first: date = self.valid.lower
        return max(0, (min(self.last_day or today, today) - first).days + 1)

    @property
    def fit_note_due(self) -> date:
        """From this day on a fit note is asked for."""
        covered: date = self.fit_note_until or self.valid.lower + timedelta(days=settings.SELF_CERTIFIED_DAYS - 1)
        return covered + timedelta(days=1)

    @property
    def interview_due(self) -> date | None:
        return None if self.last_day is None else self.last_day + timedelta(days=settings.RETURN_INTERVIEW_DAYS)


class SicknessReason(models.Model):
    """Why: kept apart, so that no list or print can show it by accident. Who reads it is written down."""

    class Code(models.TextChoices):
        INFECTION = "infection", "Cold, flu or another infection"
        STOMACH = "stomach", "Stomach or digestion"
        BACK = "back", "Back, neck or joints"
        INJURY = "injury", "Injury or fracture"
        MENTAL = "mental", "Stress, anxiety or another mental health condition"
        OPERATION = "operation", "Operation or recovery"
        PREGNANCY = "pregnancy", "Pregnancy related"
        OTHER = "other", "Another reason"
        WITHHELD = "withheld", "Prefers not to say"

    sickness = models.OneToOneField(Sickness, on_delete=models.CASCADE, related_name="reason")
    code = models.CharField(max_length=10, choices=Code.choices)
    note = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return f"reason of sickness {self.sickness_id}"
