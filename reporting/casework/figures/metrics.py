"""The measures of the dashboard. Each says in words what it counts, and the page shows these words.

Only deputies with an active account are counted as deputies: staff never are, nor is anybody who has not finished
registering (the former service counted both).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from django.db.models import Avg, Case, CharField, Count, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import TruncMonth

from foundation.accounts.models import User
from reporting.casework.figures.period import Period
from reporting.engine.report_types import Family
from reporting.people.models import Client
from reporting.reports.models import Report
from reporting.submissions.models import Feedback, Submission

FAMILIES = {Family.LAY: "Lay", Family.PA: "Public authority", Family.PROF: "Professional"}

BY_TYPE = Case(
    When(type__endswith="-5", then=Value(Family.PROF.value)),
    When(type__endswith="-6", then=Value(Family.PA.value)),
    default=Value(Family.LAY.value),
    output_field=CharField(),
)
"""Whose a report is, by its type."""

BY_ROLE = Case(
    When(role="ROLE_LAY_DEPUTY", then=Value(Family.LAY.value)),
    When(role__startswith="ROLE_PA_", then=Value(Family.PA.value)),
    When(role__startswith="ROLE_PROF_", then=Value(Family.PROF.value)),
    default=None,
    output_field=CharField(null=True),
)
"""What kind of deputy somebody is; none for staff."""


@dataclass
class Figure:
    """A measure's value, in all and by kind of deputy. None: there is nothing to work it out from."""

    total: int | None = 0
    by_family: dict[str, int | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Metric:
    key: str
    title: str
    definition: str
    measure: Callable[[Period], Figure]
    unit: str = ""


METRICS: list[Metric] = []


def metric(title: str, definition: str, unit: str = "") -> Callable[[Callable[[Period], Figure]], Metric]:
    """Make a function from a period to a figure a measure of the dashboard, in the order of this file."""

    def declare(function: Callable[[Period], Figure]) -> Metric:
        found = Metric(function.__name__, title, definition, function, unit)
        METRICS.append(found)
        return found

    return declare


def _within(name: str, period: Period) -> Q:
    first, after = period.moments
    return Q(**{f"{name}__gte": first, f"{name}__lt": after})


def _counted(rows: QuerySet[Any], family: Any) -> Figure:
    """Rows of a query by kind of deputy."""
    counts = dict(rows.annotate(family=family).order_by().values_list("family").annotate(Count("pk", distinct=True)))
    by_family = {each.value: counts.get(each.value, 0) for each in FAMILIES}
    return Figure(sum(filter(None, by_family.values())), by_family)


def answers(period: Period) -> QuerySet[Feedback]:
    return Feedback.objects.filter(_within("created_at", period))


def percentage(mean: float | None) -> int | None:
    """A mean of scores from 1 to 5 as a percentage: 1 is 0 %, 5 is 100 % (deputy-admin 8.1)."""
    return None if mean is None else round((mean - 1) * 25)


@metric(
    "Satisfaction",
    "What deputies chose after submitting a report, as a mean: very dissatisfied counts 0%, very satisfied 100%.",
    unit="%",
)
def satisfaction(period: Period) -> Figure:
    rows = answers(period).annotate(family=_family_of_submission())
    means = dict(rows.order_by().values_list("family").annotate(Avg("score")))
    whole = rows.aggregate(mean=Avg("score"))["mean"]
    return Figure(percentage(whole), {each.value: percentage(means.get(each.value)) for each in FAMILIES})


def _family_of_submission() -> Case:
    kind = "submission__report__type__endswith"
    return Case(
        When(**{kind: "-5"}, then=Value(Family.PROF.value)),
        When(**{kind: "-6"}, then=Value(Family.PA.value)),
        default=Value(Family.LAY.value),
        output_field=CharField(),
    )


@metric("Answers about satisfaction", "How many deputies said how satisfied they were after submitting a report.")
def respondents(period: Period) -> Figure:
    return _counted(answers(period), _family_of_submission())


@metric(
    "Reports submitted",
    "Reports that were submitted in the period. One that was sent back and submitted again counts once; documents "
    "that were added to a submitted report do not count.",
)
def reports_submitted(period: Period) -> Figure:
    sent = Submission.objects.filter(_within("created_at", period), with_report=True)
    return _counted(Report.objects.filter(pk__in=sent.values("report")), BY_TYPE)


@metric(
    "Deputies registered",
    "Deputies who finished registering in the period and whose account is active. Staff are not counted.",
)
def deputies_registered(period: Period) -> Figure:
    return _counted(User.objects.filter(_within("registered_at", period), is_active=True), BY_ROLE)


@metric(
    "Clients",
    "Clients who were added in the period and are neither archived nor discharged. Each counts once, under the kind "
    "of deputy of the latest report.",
)
def clients(period: Period) -> Figure:
    latest = Report.objects.filter(client=OuterRef("pk")).order_by("-end", "-pk")
    rows = Client.objects.live().filter(_within("created_at", period)).annotate(
        type=Subquery(latest.values("type")[:1]),
    )  # fmt: skip
    figure = _counted(rows.exclude(type=None), BY_TYPE)
    # Without a report yet: what the organisation or its absence says.
    unreported = rows.filter(type=None).aggregate(
        pa=Count("pk", filter=Q(deputy__kind="PA")),
        prof=Count("pk", filter=Q(deputy__kind="PRO")),
        lay=Count("pk", filter=~Q(deputy__kind__in=["PA", "PRO"]) | Q(deputy=None)),
    )
    by_family = {name: (figure.by_family[name] or 0) + unreported[name] for name in figure.by_family}
    return Figure(sum(by_family.values()), by_family)


@dataclass(frozen=True)
class Bar:
    """One month of a chart."""

    label: str
    value: int


def submitted_by_month(period: Period) -> list[Bar]:
    """Reports submitted in each month that the period touches, months of none included; at most the last 24."""
    first, after = period.moments
    sent = (
        Submission.objects.filter(created_at__gte=first, created_at__lt=after, with_report=True)
        .annotate(month=TruncMonth("created_at"))
        .order_by()
        .values_list("month")
        .annotate(Count("report", distinct=True))
    )
    counts = {f"{month:%Y-%m}": count for month, count in sent}
    return [
        Bar(f"{month.first:%b %Y}", counts.get(f"{month.first:%Y-%m}", 0)) for month in period.months()[-24:]
    ]  # fmt: skip


def steps(largest: int) -> list[int]:
    """Three or four round numbers for the axis of a chart, from 0 to not less than the largest value."""
    size = 1
    while largest > 4 * size:
        size = size * 2 if str(size)[0] in "15" else size * 5 // 2
    found = [0]
    while found[-1] < max(largest, 1):
        found.append(found[-1] + size)
    assert all(low < high for low, high in pairwise(found))
    return found


__all__ = ["METRICS", "Bar", "Figure", "Metric", "steps", "submitted_by_month"]
