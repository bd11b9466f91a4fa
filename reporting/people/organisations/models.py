"""An organisation and who belongs to it."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from foundation import clock


class Organisations(models.QuerySet["Organisation"]):
    def live(self) -> "Organisations":
        return self.filter(deleted_at=None)

    def visible_to(self, user: Any) -> "Organisations":
        """For a member: those that staff have activated. Staff find organisations through casework."""
        return self.live().filter(is_activated=True, users=user)


class Organisation(models.Model):
    """A firm or authority, told apart by the domain of its deputies' e-mail addresses, or by one whole address where
    the domain is shared by many (deputy-people 8.1). Its members see its clients once staff have activated it.
    """

    impersonal = frozenset({"name"})

    name = models.CharField("Organisation name", max_length=256)
    identifier = models.CharField("E-mail domain or address", max_length=256, help_text="lower case")
    is_activated = models.BooleanField(default=False)
    users = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="organisations", blank=True)
    created_at = models.DateTimeField(default=clock.now)
    deleted_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=0)

    objects = Organisations.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("identifier"), condition=Q(deleted_at=None), name="one_live_organisation_per_identifier"
            )
        ]

    def __str__(self) -> str:
        return f"organisation {self.pk}"
