"""Plans to be published, signed or finalised, people who were held back, and proposals of the optimiser to look at."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.urls import reverse

from foundation import clock
from roster.establishment.models import Establishment
from roster.establishment.roles import establishments_for, reaches
from roster.planning import publishing
from roster.planning.models import PlanningPeriod, Publication, Run
from roster.waiting import Task, counted

State = PlanningPeriod.State
SOON, LATELY = timedelta(days=14), timedelta(days=2)
"""A plan is named so long before it should be published; a proposal so long after it was made."""
MOST = 3


def waiting(user: Any) -> Iterator[Task]:
    unpublished = list(_unpublished(user))
    to_sign = [row for row in unpublished if row.state == State.APPROVING and row.signed_at is None]
    yield from _named([row for row in to_sign if _may(user, "plan.sign", row)], "to be signed")
    yield from _to_publish([row for row in unpublished if _may(user, "plan.publish", row)])
    yield from _held_back(establishments_for(user, "plan.publish"))
    yield from _named(_worked(establishments_for(user, "plan.publish")), "worked, to be finalised")
    runs = Run.objects.filter(
        asked_by=user, state=Run.State.DONE, result__closed_at=None, ended_at__gt=clock.now() - LATELY,
        draft__period__in=PlanningPeriod.objects.visible_to(user),
    )  # fmt: skip
    for run in runs.select_related("draft__period__unit")[:MOST]:
        period = run.draft.period
        yield Task(
            f"The optimiser’s proposal for {period.unit.name}, {period}", reverse("plan_run", args=[period.pk, run.pk])
        )


def _unpublished(user: Any) -> QuerySet[PlanningPeriod]:
    """Those that are not over, or wait for a signature still."""
    waits = Q(valid__endswith__gt=clock.today()) | Q(state=State.APPROVING, signed_at=None)
    rows = PlanningPeriod.objects.visible_to(user).filter(
        waits, state__in=[State.DRAFT, State.REQUESTS, State.APPROVING]
    )
    return rows.select_related("unit__establishment").order_by("valid")


def _may(user: Any, verb: str, row: PlanningPeriod) -> bool:
    return reaches(user, verb, row.unit.establishment)


def _to_publish(rows: list[PlanningPeriod]) -> Iterator[Task]:
    """Those that begin within the weeks between publishing and the first day, and a fortnight."""
    ahead = timedelta(days=settings.PUBLISH_AHEAD_DAYS)
    found = [row for row in rows if row.first <= clock.today() + ahead + SOON and row.last >= clock.today()]
    late = [row for row in found if row.first - ahead < clock.today()]
    yield from _named(late, "should be published by now", today=True)
    soon = found[len(late) :]
    if soon:
        due = soon[0].first - ahead
        yield from _named(soon, f"to be published by {due.day} {due:%B}")


def _held_back(places: QuerySet[Establishment]) -> Iterator[Task]:
    """People who were left out when the others of their unit were published."""
    rows = PlanningPeriod.objects.filter(
        unit__establishment__in=places, state=State.PUBLISHED, valid__endswith__gt=clock.today()
    )
    last = Publication.objects.filter(undone_at=None, period__in=rows).order_by("period_id", "-pk")
    held = [one.period_id for one in last.distinct("period_id") if one.held_back]
    for period in rows.filter(pk__in=held).select_related("unit__establishment").order_by("valid"):
        if people := len(publishing.not_published(period)):
            late = period.first - timedelta(days=settings.PUBLISH_AHEAD_DAYS) < clock.today()
            words = f"{counted(people, 'person is', 'people are')} not published yet"
            yield from _named([period], words, today=late)


def _worked(places: QuerySet[Establishment]) -> list[PlanningPeriod]:
    """Those whose days can no longer be put right one by one: from now on hours are corrected with approval only."""
    closed = clock.today() - timedelta(days=settings.WORKED_CORRECTION_DAYS)
    rows = PlanningPeriod.objects.filter(
        unit__establishment__in=places, state=State.PUBLISHED, valid__endswith__lte=closed
    )
    return list(rows.select_related("unit__establishment").order_by("valid"))


def _named(found: list[PlanningPeriod], what: str, *, today: bool = False) -> Iterator[Task]:
    """One by its name, leading to it; more by their number, leading to the list."""
    if len(found) == 1:
        one = found[0]
        yield Task(f"{one.unit.name}, {one}: {what}", reverse("plan_progress", args=[one.pk]), today)
    elif found:
        yield Task(f"{counted(len(found), 'plan', 'plans')}: {what}", reverse("plan"), today)
