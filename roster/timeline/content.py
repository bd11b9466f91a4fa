"""What a duty is made of: its frame and its details, from a template or by hand (staff-roster 5.2).

All times are wall-clock seconds from 00:00 of the shift date; how long they last in truth is for ``clock`` to say.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from roster.activities.expansion import Item, expand, resolved
from roster.activities.models import Activity, Template, TemplateVersion
from roster.timeline.clock import minutes
from roster.timeline.models import Duty


@dataclass(frozen=True)
class Content:
    """A shift, or a full-day status (no times, no items)."""

    start: int | None = None
    end: int | None = None
    items: tuple[Item, ...] = ()
    template_version: TemplateVersion | None = None
    activity: Activity | None = None
    post_id: int | None = None

    @property
    def full_day(self) -> bool:
        return self.start is None

    @property
    def name(self) -> str:
        if self.template_version is not None:
            return self.template_version.template.name
        named = self.activity or next((item.activity for item in self.items), None)
        return named.name if named else ""

    @cached_property
    def key(self) -> tuple[Any, ...]:
        """Two duties of one day with the same key are the same duty."""
        return (
            self.template_version and self.template_version.pk,
            self.activity and self.activity.pk,
            self.start,
            self.end,
            self.post_id,
            tuple((item.activity.pk, item.start, item.end, item.post_id) for item in self.items),
        )

    @cached_property
    def order(self) -> str:
        """Any order will do to compare the shifts of a day with others."""
        return repr(self.key)

    def gross(self, day: date) -> int:
        """Minutes that pass from start to end of the frame."""
        return 0 if self.start is None or self.end is None else minutes(day, self.start, self.end)

    def net(self, day: date) -> int:
        """Minutes that pass, without unpaid breaks (staff-roster 5.2)."""
        return self.gross(day) - sum(minutes(day, i.start, i.end) for i in self.items if i.unpaid_break)


def from_version(version: TemplateVersion, post_id: int | None = None) -> Content:
    """A version of a template as a duty: items at their wall times, overlays on top, gaps filled."""
    made = expand(version)
    if version.full_day:
        return Content(activity=made[0].activity if made else None, template_version=version, post_id=post_id)
    return Content(version.start, version.end, made, version, post_id=post_id)


def by_hand(items: Iterable[Item], post_id: int | None = None) -> Content:
    """A duty of these items, without a template; its frame is theirs."""
    listed = list(items)
    start, end = min(item.start for item in listed), max(item.end for item in listed)
    return Content(start, end, resolved(listed, start, end), post_id=post_id)


def full_day(activity: Activity) -> Content:
    return Content(activity=activity)


def stored(duty: Duty) -> Content:
    """A duty as it is in the database; ask with ``DutyQuerySet.whole`` to spare queries."""
    items = tuple(Item(each.activity, each.start, each.end, each.post_id) for each in duty.items.all())
    return Content(duty.start, duty.end, items, duty.template_version, duty.activity, duty.post_id)


def version_on(template: Template, day: date) -> TemplateVersion:
    """The version of a template that holds on a day. Raises ``TemplateVersion.DoesNotExist``."""
    found = TemplateVersion.objects.on(day).select_related("template").prefetch_related("items__activity")
    version: TemplateVersion = found.get(template=template)
    return version
