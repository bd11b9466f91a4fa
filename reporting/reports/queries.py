"""Finding reports and what is in them, for one person."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404

from reporting.engine.section import Answers, Section, section_by_slug
from reporting.reports.models import Report


def report_of(user: Any, report_id: int) -> Report:
    """A report that the person may see; 404 otherwise."""
    return get_object_or_404(Report.objects.visible_to(user).select_related("client", "previous"), pk=report_id)


def held_report(user: Any, report_id: int) -> Report:
    """A report that the person may act on, open or submitted; 404 for what a discharged deputy keeps to read."""
    return get_object_or_404(Report.objects.held_by(user).select_related("client", "previous"), pk=report_id)


def open_report(user: Any, report_id: int) -> Report:
    """A report that the person may still change; 404 once it is submitted (deputy-reports 3)."""
    report = report_of(user, report_id)
    if report.submitted:
        raise Http404("submitted")
    return report


def section_of(report: Report, slug: str) -> Section:
    """A section of the report's type by its address; 404 otherwise."""
    kind = section_by_slug(slug)
    if kind is None or not kind.applies_to(report.kind) or report.kind.family not in kind.order:
        raise Http404("no such section")
    return Answers(report)[kind]


def last_year(section: Section) -> Section | None:
    """The same section of the report before this one, if there is one that was submitted."""
    previous = section.report.previous
    if previous is None or not type(section).applies_to(previous.kind):
        return None
    return Answers(previous)[type(section)]
