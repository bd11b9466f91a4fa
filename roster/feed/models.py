"""The feed of changes that other systems fetch and confirm (csr-api-contract 6)."""

from django.db import models

from foundation import clock
from roster.establishment.models import Person
from roster.timeline.models import Change, Level


class FeedRow(models.Model):
    """One row of the feed: there until the other side confirms it. Its number comes from this region's sequence.

    Without an activity it is about a shift (no times); with one it is about a detail. ``person`` is None once they
    are gone: the row is still given out and confirmed.
    """

    history = False
    impersonal = frozenset({"activity"})

    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    level = models.PositiveSmallIntegerField(choices=Level.choices)
    on_date = models.DateField()
    start = models.IntegerField(null=True, help_text="seconds from 00:00 of the date")
    end = models.IntegerField(null=True, help_text="seconds")
    activity = models.CharField(max_length=60, blank=True)
    action = models.IntegerField(null=True, help_text="the legacy system's code: see roster.feed.rows")
    modified = models.DateTimeField(help_text="when the shift was last changed")
    created_at = models.DateTimeField(default=clock.now, db_index=True)
    change = models.ForeignKey(Change, null=True, on_delete=models.SET_NULL, related_name="feed_rows")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"feed row {self.pk}"
