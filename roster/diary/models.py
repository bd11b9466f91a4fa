"""What an officer is told and has chosen: notices, answers to short notice, preferences, calendar addresses."""

from django.db import models
from django.db.models import Q

from foundation import clock
from roster.establishment.models import Person
from roster.timeline.models import Change, Level


class Notice(models.Model):
    """A settled change of one person's day, or the first publication of several weeks. Kept for three months."""

    class Action(models.TextChoices):
        ADD = "ADD", "added"
        EDIT = "EDIT", "changed"
        DELETE = "DELETE", "removed"
        PUBLISHED = "PUBLISHED", "published"

    history = False
    impersonal = frozenset({"before", "after"})

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="notices")
    action = models.CharField(max_length=9, choices=Action.choices)
    level = models.PositiveSmallIntegerField(choices=Level.choices, default=Level.PLAN)
    first_day = models.DateField(help_text="the shift's date; the first of a publication")
    last_day = models.DateField()
    before = models.JSONField(default=dict, blank=True, help_text="as in Change")
    after = models.JSONField(default=dict, blank=True)
    change = models.ForeignKey(Change, null=True, on_delete=models.SET_NULL, related_name="notices")
    modified_at = models.DateTimeField(help_text="when the last of the changes was made")
    created_at = models.DateTimeField(default=clock.now, db_index=True)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-modified_at", "-pk"]
        indexes = [models.Index(fields=["person", "modified_at"], name="notices_of_a_person")]

    def __str__(self) -> str:
        return f"notice {self.pk}"


class Acknowledgement(models.Model):
    """A change at short notice asks the officer to say that they saw it, and whether they agree: kept as evidence."""

    change = models.OneToOneField(Change, on_delete=models.CASCADE, related_name="acknowledgement")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="acknowledgements")
    asked_at = models.DateTimeField(default=clock.now)
    seen_at = models.DateTimeField(null=True, blank=True)
    agreed = models.BooleanField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-asked_at", "-pk"]

    def __str__(self) -> str:
        return f"acknowledgement {self.pk}"


class Preference(models.Model):
    """How a person wants to be told. None of it for most: then nothing is sent, and the diary shows everything."""

    class Channel(models.TextChoices):
        EMAIL = "EMAIL", "Email"
        SMS = "SMS", "Text message"
        NONE = "NONE", "Neither: I will look here"

    impersonal = frozenset({"channel"})

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="preference")
    channel = models.CharField(max_length=5, choices=Channel.choices, default=Channel.NONE)
    email = models.EmailField(max_length=254, blank=True)
    sms = models.CharField(max_length=11, blank=True)
    snooze_until = models.DateField(null=True, blank=True, help_text="the last day without messages")
    version = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"preferences of {self.person_id}"


class CalendarAddress(models.Model):
    """A private address under which a calendar program fetches a person's roster, until they take it back.

    Only a hash of the secret is kept: the address is shown once. The family's shows on and off, nothing else.
    """

    impersonal = frozenset({"secret_hash"})

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="calendar_addresses")
    family = models.BooleanField(default=False)
    secret_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=clock.now)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "family"], condition=Q(revoked_at=None), name="one_calendar_address_of_a_kind"
            )
        ]

    def __str__(self) -> str:
        return f"calendar address {self.pk}"
