"""The detail sheet on screen, to print, as PDF and CSV, and its frozen issues."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from foundation import audit, clock
from foundation.access import may, sessionless
from foundation.accounts.models import User
from foundation.csv_cells import to_csv
from roster.absence.models import handled
from roster.dates import day_of
from roster.day import actions
from roster.day.calendar import to_ics
from roster.day.models import SheetIssue
from roster.day.pdf import WRITTEN
from roster.day.pdf import render as render_pdf
from roster.day.sheet import Sheet
from roster.day.tables import SCREENS, Page, page
from roster.establishment.models import Establishment
from roster.establishment.roles import establishments_for, reaches

WORKER = Path(__file__).parents[1] / "static" / "day" / "worker.js"


def me(request: HttpRequest) -> User:
    return cast(User, request.user)


def place_of(request: HttpRequest, code: str, verb: str = "day.see") -> Establishment:
    """An establishment whose day the user may see; another is not there. The verb beyond that must reach it."""
    found: Establishment = get_object_or_404(establishments_for(request.user, "day.see"), code=code)
    if verb != "day.see" and not reaches(request.user, verb, found):
        raise PermissionDenied
    return found


def places_of(request: HttpRequest) -> QuerySet[Establishment]:
    """Establishments with units whose day the user may see."""
    found = establishments_for(request.user, "day.see").filter(units__isnull=False, closed_on=None)
    return found.distinct().order_by("name")


@may("day.see")
@require_GET
def today(request: HttpRequest) -> HttpResponse:
    """The day of the user's establishment; of several the first with units, the others are a choice away."""
    place = places_of(request).first()
    if place is None:
        return render(request, "day/none.html", {})
    return redirect("day_sheet", place.code, clock.today())


@may("day.see")
@require_GET
def choose(request: HttpRequest) -> HttpResponse:
    """To the day and establishment of the form above the sheet."""
    found = place_of(request, request.GET.get("place", ""))
    try:
        day = day_of(request.GET.get("on", ""))
    except ValueError:
        day = clock.today()
    return redirect("day_sheet", found.code, day)


def screen_of(request: HttpRequest) -> str:
    asked = request.GET.get("by", "")
    return asked if asked in SCREENS else "post"


@may("day.see")
@require_GET
def sheet(request: HttpRequest, place: str, day: date) -> HttpResponse:
    found = place_of(request, place)
    made = Sheet(found, day)
    known = set(handled(request.user).values_list("pk", flat=True))
    shown = page(made, screen_of(request), known=known, wall=False)
    places = places_of(request)
    context = frame(request, found, day) | {
        "before": day - timedelta(days=1), "after": day + timedelta(days=1),
        "kept": kept(found, day), "page": shown, "screens": SCREENS, "gaps": made.gaps(), "places": places,
        "issues": SheetIssue.objects.of(found, day).select_related("by"),
    }  # fmt: skip
    return render(request, "day/sheet.html", context)


def frame(request: HttpRequest, place: Establishment, day: date) -> dict[str, Any]:
    """What every page of a day knows."""
    return {
        "place": place, "day": day, "today": clock.today(), "may_edit": reaches(request.user, "day.edit", place),
        "may_sick": reaches(request.user, "day.sick", place),
        "several": places_of(request).count() > 1,
    }  # fmt: skip


@sessionless
@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """The script that shows kept sheets while the service is down; at the root, so that it sees every page."""
    answer = HttpResponse(WORKER.read_bytes(), content_type="text/javascript; charset=utf-8")
    answer["Cache-Control"] = "no-cache"
    return answer


def kept(place: Establishment, day: date) -> str:
    """What the browser keeps of this page: its sheets as on a wall, of today and tomorrow only."""
    if not clock.today() <= day <= clock.today() + timedelta(days=1):
        return ""
    address = reverse("day_print", args=[place.code, day])
    return " ".join(f"{address}?by={screen}" for screen in SCREENS)


@may("day.see")
@require_GET
def printed(request: HttpRequest, place: str, day: date) -> HttpResponse:
    """For the wall: without causes, without links, with room to write radio and keys."""
    found = place_of(request, place)
    shown = page(Sheet(found, day), screen_of(request))
    return render(request, "day/print.html", {"page": shown, "at": clock.now(), "by": me(request).name, "issue": None})


@may("day.see")
@require_GET
def export(request: HttpRequest, place: str, day: date, form: str) -> HttpResponse:
    """The same facts as on the wall, as PDF, CSV or calendar file."""
    found = place_of(request, place)
    if form not in ("pdf", "csv", "ics"):
        raise Http404
    made = Sheet(found, day)
    shown = page(made, screen_of(request))
    audit.record("SHEET_EXPORTED", by=me(request), subject=found, after={"day": day.isoformat(), "form": form})
    if form == "ics":
        return attached(to_ics(made, shown), f"detail sheet {shown.day}.ics", "text/calendar; charset=utf-8")
    return pdf(request, shown) if form == "pdf" else as_csv(shown)


def pdf(request: HttpRequest, shown: Page, issue: str = "") -> HttpResponse:
    answer = HttpResponse(render_pdf(shown, clock.now(), me(request).name, issue), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="detail sheet {shown.day}.pdf"'
    return answer


def as_csv(shown: Page) -> HttpResponse:
    lines: list[tuple[str, ...]] = [("Establishment", shown.establishment), ("Day", shown.day), *shown.facts]
    for table in shown.tables:
        rows = ((*row.cells, "") for row in table.rows)
        lines += [(), (table.title, table.note), (*table.columns, WRITTEN), *rows]
    return attached(to_csv(lines), f"detail sheet {shown.day}.csv", "text/csv; charset=utf-8")


def attached(content: bytes | str, name: str, kind: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@may("day.edit")
@require_POST
def issue_sheet(request: HttpRequest, place: str, day: date) -> HttpResponse:
    """Freeze the sheet as it is now under the next number."""
    found = place_of(request, place, "day.edit")
    made = actions.issue_sheet(found, day, by=me(request))
    messages.success(request, f"The sheet has been issued as number {made.number}.")
    return redirect("day_sheet", found.code, day)


@may("day.see")
@require_GET
def issue(request: HttpRequest, place: str, day: date, number: int) -> HttpResponse:
    """An issue as it was, to read, or ?form=pdf."""
    found = place_of(request, place)
    row = get_object_or_404(SheetIssue.objects.of(found, day), number=number)
    shown = Page.from_json(row.content)
    words = f"Issue {row.number}, {row.name.lower()}"
    if request.GET.get("form") == "pdf":
        return pdf(request, shown, words)
    by = row.by.name if row.by else ""
    return render(request, "day/print.html", {"page": shown, "at": row.at, "by": by, "issue": words})
