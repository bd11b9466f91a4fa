"""Sickness that somebody has to do something about."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.urls import reverse

from foundation import clock
from roster.absence.models import Sickness, handled
from roster.absence.queries import taken_back
from roster.waiting import Task, counted


def waiting(user: Any) -> Iterator[Task]:
    """For who records returns: reviews and fit notes that are due, interviews to be held; who is newly sick.

    Who took their report back: for whoever could have acted on it.
    """
    today, page = clock.today(), reverse("sicknesses")
    running = Q(valid__endswith=None, valid__startswith__lte=today)
    back = Q(valid__endswith__lte=today, interviewed_on=None)
    rows = list(Sickness.objects.filter(running | back, person__in=handled(user, "sick.return")))
    spells = [row for row in rows if row.is_open]
    new = [row for row in spells if clock.london(row.reported_at).date() == today]
    review = [row for row in spells if row.review_on <= today]
    notes = [row for row in spells if row.fit_note_due <= today]
    if new:
        yield Task(f"{counted(len(new), 'person', 'people')} reported sick today", page, today=True)
    if back_on := taken_back(user):
        words = counted(len(back_on), "sickness report was", "sickness reports were")
        yield Task(f"{words} taken back since yesterday", f"{page}#taken-back", today=True)
    if review:
        words = counted(len(review), "sick person’s review is due", "sick people’s reviews are due")
        yield Task(f"{words}: are they back?", page, today=True)
    if notes:
        yield Task(f"{counted(len(notes), 'fit note', 'fit notes')} to ask for", page, today=True)
    late = [row for row in rows if row.interview_due and row.interview_due < today]
    interviews = len(rows) - len(spells)
    if interviews:
        words = counted(interviews, "return-to-work interview", "return-to-work interviews")
        yield Task(f"{words} to hold{f', {len(late)} of them late' if late else ''}", page, today=bool(late))
