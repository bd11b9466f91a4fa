"""Posts: places that somebody has to stand in (staff-roster 7). Numbers and regime levels follow in this folder."""

from django.db import models

from roster.activities.models import Activity
from roster.establishment.models import Establishment, PlanningUnit


class Post(models.Model):
    """A post of an establishment, or of one of its units."""

    impersonal = frozenset({"name", "code"})

    establishment = models.ForeignKey(Establishment, on_delete=models.CASCADE, related_name="posts")
    unit = models.ForeignKey(PlanningUnit, null=True, blank=True, on_delete=models.CASCADE, related_name="posts")
    code = models.CharField(max_length=12)
    name = models.CharField(max_length=60)
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="+")
    closed_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["establishment", "code"], name="post_code_once")]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
