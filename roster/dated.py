"""What holds from one day to another: memberships, grades, contracts, skills. Never overwritten, always dated.

``valid`` is a half-open range of days: the upper end is the first day on which it no longer holds, and may be open.
"""

from datetime import date, timedelta
from typing import Any, Self

from django.contrib.postgres.fields import DateRangeField
from django.db import models


class DatedQuerySet(models.QuerySet[Any]):
    def on(self, day: date) -> Self:
        """Those that hold on the day."""
        return self.filter(valid__contains=day)

    def during(self, first: date, last: date) -> Self:
        """Those that hold on any day from first to last, both included."""
        return self.filter(valid__overlap=(first, last + timedelta(days=1)))


class Dated(models.Model):
    valid = DateRangeField(help_text="from the lower day to before the upper")

    objects = DatedQuerySet.as_manager()

    class Meta:
        abstract = True

    def holds_on(self, day: date) -> bool:
        lower, upper = self.valid.lower, self.valid.upper
        return not self.valid.isempty and (lower is None or lower <= day) and (upper is None or day < upper)

    @property
    def first_day(self) -> date | None:
        return self.valid.lower  # type: ignore[no-any-return]

    @property
    def last_day(self) -> date | None:
        """None: no end."""
        return None if self.valid.upper is None else self.valid.upper - timedelta(days=1)
