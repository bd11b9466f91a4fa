"""The pages that publish: everything, or everybody but those who are held up; and take it back."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from foundation.access import may
from foundation.web.numbers import number
from roster.planning import actions, insertion, publishing
from roster.planning.actions import Refused
from roster.planning.board import Board
from roster.planning.by_person import by_person
from roster.planning.models import PlanningPeriod, Publication
from roster.planning.sheet import Cell, Sheet
from roster.planning.views import may_permit, period_of, require
from roster.rules.check import Finding
from roster.timeline import actions as timeline

Errors = list[dict[str, str]]


class Page:
    """What would be published, with the names of the people."""

    def __init__(self, request: HttpRequest, period: PlanningPeriod) -> None:
        self.request, self.period = request, period
        self.board = Board(actions.working(period), user=request.user)
        self.names = {person.pk: person.listed for person in self.board.people}
        self.found = publishing.Outlook(Sheet(self.board.draft, list(self.names)), self.board.catalogue)
        self.changes = self.found.changes
        self.held = [one for one in self.names if one in self.found.held_up]
        self.others = {cell.person_id for cell in self.changes} - self.found.held_up

    def held_up(self) -> list[tuple[str, list[tuple[Finding, bool]], list[timeline.Obstacle], list[Cell]]]:
        """By person: rules that block and whether this user may permit each, overlaps, days that were overtaken."""
        return [
            (
                self.names[one],
                [
                    (each, may_permit(self.request, self.period, each))
                    for each in self.found.findings
                    if each.person_id == one
                ],
                [each for each in self.found.obstacles if each.person_id == one],
                [each for each in self.found.overtaken if each.person_id == one],
            )
            for one in self.held
        ]

    def absences(self) -> list[tuple[str, Cell, Any]]:
        """Leave and other absence that would end."""
        absent = insertion.protector(self.board.catalogue)
        return [
            (self.names[each.person_id], each, self.board.look(each.published.day, each.person_id))
            for each in self.changes
            if absent(each.published.day) and not absent(each.day)
        ]

    def context(self, errors: Errors, without: set[int] | None = None) -> dict[str, Any]:
        """What both pages say. ``without``: people who are held back."""
        kept = [cell for cell in self.changes if cell.person_id not in (without or set())]
        people = {cell.person_id for cell in kept}
        first = not self.period.is_published
        return {
            "period": self.period,
            "errors": errors,
            "first": first,
            "why": reason_of(self.request),
            "reason_needed": not first and not people <= publishing.still_held_back(self.period),
            "total": len(kept),
            "people": len(people),
            "others": len(self.others),
        }


def reason_of(request: HttpRequest) -> str:
    return request.POST.get("reason", "").replace("\0", "").strip()


@may("plan.publish")
@require_http_methods(["GET", "POST"])
def publish(request: HttpRequest, period_id: int) -> HttpResponse:
    """What would be published, day by day, and who is held up; then do it."""
    period = period_of(request, period_id)
    require(request, "plan.publish", period)
    errors: Errors = []
    if request.method == "POST":
        errors = _publish(request, period, set())
        if not errors:
            messages.success(request, "Published. The staff see it now.")
            return redirect("plan_progress", period.pk)
    page = Page(request, period)
    cells = [cell.change for cell in page.changes]
    more = {
        "unready": publishing.unready(period),
        "held_up": page.held_up(),
        "absences": page.absences(),
        "changes": by_person(page.board, cells, number(request.GET.get("person", ""))),
    }
    return render(request, "planning/publish.html", page.context(errors) | more)


@may("plan.publish")
@require_http_methods(["GET", "POST"])
def publish_others(request: HttpRequest, period_id: int) -> HttpResponse:
    """Asks once, with counts: everybody is published but those who are held up. Who they are is sent with the form; if
    somebody else is meanwhile, nothing is published, and the page asks again.
    """
    period = period_of(request, period_id)
    require(request, "plan.publish", period)
    seen = {number(each) for each in request.POST.get("held_back", "").split(",")}
    errors: Errors = []
    if request.method == "POST":
        errors = _publish(request, period, seen)
        if not errors:
            messages.success(request, "Published. Nothing has changed for the people who are held back.")
            return redirect("plan_progress", period.pk)
    page = Page(request, period)
    if publishing.unready(period) or not page.held or not page.others:
        for error in errors:
            messages.warning(request, error["text"])
        return redirect("plan_publish", period.pk)
    more = [page.names[one] for one in page.held if one not in seen]
    if errors and more:
        verb = "is" if len(more) == 1 else "are"
        errors = [{"text": f"Nothing was published: {'; '.join(more)} {verb} held up now too.", "href": "#held"}]
    kept = [cell.person_id for cell in page.changes]
    held = [(page.names[one], kept.count(one)) for one in page.held]
    context = page.context(errors, set(page.held))
    return render(request, "planning/publish_others.html", context | {"held": held, "held_back": page.held})


def _publish(request: HttpRequest, period: PlanningPeriod, held_back: set[int]) -> Errors:
    """Empty: it is done."""
    version = number(request.POST.get("version", ""))
    try:
        publishing.publish(
            period, by=request.user, reason=reason_of(request), version=version, held_back=held_back
        )  # fmt: skip
    except (timeline.NeedsReason, publishing.Reason) as refused:
        return [{"text": str(refused), "href": "#reason"}]
    except (Refused, timeline.Refused) as refused:
        return [{"text": str(refused)}]
    return []


@may("plan.publish")
@require_POST
def take_back(request: HttpRequest, period_id: int, publication_id: int) -> HttpResponse:
    period = period_of(request, period_id)
    require(request, "plan.publish", period)
    publication = get_object_or_404(Publication, pk=publication_id, period=period)
    try:
        publishing.take_back(publication, by=request.user)
        messages.success(request, "Taken back: the staff see what they saw before.")
    except (Refused, timeline.Refused) as refused:
        messages.warning(request, str(refused))
    return redirect("plan_progress", period.pk)
