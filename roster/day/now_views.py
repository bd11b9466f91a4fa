"""Now: the Orderly Officer's whole establishment, and a region. Both follow by themselves within a minute (R-091)."""

from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from foundation import clock
from foundation.access import may
from foundation.web.pages import bad_request
from roster.day import actions
from roster.day.forms import LogForm
from roster.day.models import LogEntry
from roster.day.sheet import Sheet
from roster.day.sheet_views import frame, me, place_of, places_of
from roster.day.staffing import known, lately, staffing
from roster.demand.models import Half
from roster.establishment.roles import held


@may("day.see")
@require_http_methods(["GET", "HEAD", "POST"])
def now(request: HttpRequest, place: str) -> HttpResponse:
    """Numbers, red posts, cases, who is in charge; the steps of the day and the log for who runs it."""
    found = place_of(request, place, "day.edit" if request.method == "POST" else "day.see")
    today = clock.today()
    form = LogForm(request.POST or None) if "text" in request.POST else LogForm()
    steps = actions.steps(found)
    if request.method == "POST" and "step" in request.POST:
        asked = request.POST["step"], request.POST.get("day", "")
        step = next((each for each in steps if (each.key, each.day.isoformat()) == asked), None)
        if step is None:
            return bad_request(request)
        actions.do_step(found, step.day, step.key, by=me(request))
        return redirect("day_now", found.code)
    if form.is_bound and form.is_valid():
        actions.write_log(found, today, form.cleaned_data["text"], by=me(request))
        return redirect("day_now", found.code)
    sheet = Sheet(found, today)
    mine = [row for row in held(request.user) if row.role == "ORDERLY_OFFICER" and row.ends_at]
    duty = next((row for row in mine if row.establishment_id == found.pk), None)
    context = frame(request, found, today) | {
        "staffing": staffing(found, sheet), "sheet": sheet, "regime": sheet.regime(), "duty": duty, "form": form,
        "steps": steps, "Half": Half,
        "log": LogEntry.objects.filter(
            establishment=found, at__gt=clock.now() - timedelta(days=1), step=""
        ).select_related("by").order_by("-pk")[:20],
    }  # fmt: skip
    if request.headers.get("HX-Request") == "true":
        return render(request, "day/now_part.html", context)
    return render(request, "day/now.html", context, status=400 if form.is_bound else 200)


@may("day.see")
@require_GET
def region(request: HttpRequest) -> HttpResponse:
    """Every establishment that the user may see; each row asks for its numbers itself, again every minute."""
    whole = request.GET.get("all") == "yes"
    rows = [(place, lately(place) if whole else known(place)) for place in places_of(request)]
    return render(request, "day/region.html", {"rows": rows, "today": clock.today(), "whole": whole})


@may("day.see")
@require_GET
def region_row(request: HttpRequest, place: str) -> HttpResponse:
    found = place_of(request, place)
    return render(request, "day/region_row.html", {"place": found, "one": lately(found), "today": clock.today()})


@may("day.see")
@require_GET
def log(request: HttpRequest, place: str, day: date) -> HttpResponse:
    """The handover log of a day, oldest first."""
    found = place_of(request, place)
    rows = LogEntry.objects.of(found, day).select_related("by")
    return render(request, "day/log.html", frame(request, found, day) | {"log": rows})
