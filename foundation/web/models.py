"""The one table of the web shell."""

from typing import ClassVar

from django.db import models


class ServiceNotice(models.Model):
    """A message to everybody who uses the front site, set by staff in a hurry. There is one row at most."""

    id = models.SmallIntegerField(primary_key=True, default=1, editable=False)
    impersonal = frozenset({"text"})

    text = models.TextField(max_length=2000, blank=True)
    enabled = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=0)

    objects: ClassVar[models.Manager["ServiceNotice"]] = models.Manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="service_notice_is_one_row")]

    def __str__(self) -> str:
        return "service notice"
