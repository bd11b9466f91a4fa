"""A gap of the day: who could come, at once and by re-planning, and one click that puts somebody there."""

from dataclasses import dataclass
from datetime import date, datetime

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation import clock
from foundation.access import may
from roster.activities.wall import typed
from roster.day import moves
from roster.day.duty_views import Answer, attempt, person_of_day
from roster.day.forms import AssignForm
from roster.day.parts import begins, from_then_on
from roster.day.parts import frame as frame_of
from roster.day.sheet_views import frame, me, place_of
from roster.demand.coverage import Coverage
from roster.demand.steps import shift_for, surplus
from roster.demand.supply import Stretch
from roster.establishment.models import Establishment, PlanningUnit
from roster.planning.cover import Desk, Offer
from roster.timeline.clock import DAY, moment
from roster.timeline.days import Catalogue, Day

SHOWN_SECONDS = 3600
"""So long an offer can be taken after it was shown."""


@dataclass(frozen=True)
class Gap:
    """Who is missing where from when: a stretch of one coverage, as the address names it."""

    place: Establishment
    unit: PlanningUnit | None
    coverage: Coverage
    one: Stretch

    @property
    def sentence(self) -> str:
        return self.coverage.sentence(self.one)

    @property
    def until(self) -> datetime:
        return moment(self.one.day, self.one.end)

    @property
    def passed(self) -> bool:
        return self.until <= clock.now()

    @property
    def query(self) -> str:
        return f"?unit={self.unit.pk}" if self.unit else ""


def gap_of(request: HttpRequest, place: Establishment, day: date, key: int, start: int) -> Gap:
    """The stretch that holds that time: what was short a minute ago may be met, or shorter, by now."""
    number = request.GET.get("unit", "")
    unit = get_object_or_404(place.units, pk=number) if number.isdecimal() and len(number) < 10 else None
    coverage = Coverage(place, unit, day, day)
    found = next((one for one in coverage.of(key, day) if one.start <= start < one.end), None)
    if found is None:
        raise Http404
    return Gap(place, unit, coverage, found)


@may("day.see")
@require_GET
def gap(request: HttpRequest, place: str, day: date, key: str, start: int) -> HttpResponse:
    """Names with reasons. Re-plans follow by themselves where the page can ask again; else behind a link."""
    found = gap_of(request, place_of(request, place), day, int(key), start)
    context = frame(request, found.place, day) | {"gap": found, "key": int(key), "start": start}
    if not found.one.gap:
        return render(request, "day/gap.html", context | {"offers": [], "excluded": [], "surplus": [], "desk": None})
    desk = _desk(found)
    context |= {
        "desk": desk, "offers": desk.free(), "excluded": desk.excluded(),
        "begins": typed(frame_of(desk.shift, desk.catalogue)[0] % DAY) if desk.shift else "",
        "surplus": surplus(found.coverage, found.one), "shift": desk.catalogue.words(desk.shift) if desk.shift else "",
        "own": request.user.pk, "why": f"Covers {found.coverage.name(found.one.key)}",
    }  # fmt: skip
    return render(request, "day/gap.html", context)


@may("day.see")
@require_GET
def replans(request: HttpRequest, place: str, day: date, key: str, start: int) -> HttpResponse:
    """One colleague's days written anew around the gap: in a second, the first time after a start in several."""
    found = gap_of(request, place_of(request, place), day, int(key), start)
    offers = _desk(found).replans() if found.one.gap else []
    salt = salt_of(found.place, day, key, start)
    context = frame(request, found.place, day) | {
        "gap": found, "key": int(key), "start": start, "own": request.user.pk,
        "offers": [(each, signed(each, salt)) for each in offers],  # done is what was shown
    }  # fmt: skip
    part = request.headers.get("HX-Request") == "true"
    return render(request, "day/replans.html" if part else "day/replans_page.html", context)


def _desk(found: Gap) -> Desk:
    """For the shift that would fill it; of one that runs already, for what is left of it."""
    catalogue = Catalogue()
    on, shift = shift_for(catalogue, found.coverage, found.one, ())
    if shift:
        shift = from_then_on(shift, begins(shift, on, found.until, clock.now(), catalogue), catalogue)
    return Desk(found.coverage, found.one, shift=(on, shift))


def salt_of(place: Establishment, day: date, key: str, start: int) -> str:
    """An offer is good for one gap, as its address names it."""
    return f"replan {place.pk} {day} {key} {start}"


def signed(offer: Offer, salt: str) -> str:
    days = [[on.isoformat(), before.to_json(), after.to_json()] for on, before, after in offer.changes]
    return signing.dumps([offer.person.pk, days], salt=salt, compress=True)


@may("day.edit")
@require_POST
def replan(request: HttpRequest, place: str, day: date, key: str, start: int) -> HttpResponse:
    """Change the days of a colleague as it was offered."""
    found = gap_of(request, place_of(request, place, "day.edit"), day, int(key), start)
    back = f"{reverse('day_gap', args=[found.place.code, day, int(key), start])}{found.query}"
    try:
        salt = salt_of(found.place, day, key, start)
        number, days = signing.loads(request.POST.get("days", ""), salt=salt, max_age=SHOWN_SECONDS)
    except signing.BadSignature:
        messages.warning(request, "This offer is too old. Look at who could come again.")
        return redirect(back)
    who = person_of_day(found.place, day, number)
    wanted = {date.fromisoformat(on): (Day.from_json(was), Day.from_json(is_to_be)) for on, was, is_to_be in days}
    answer = attempt(
        request, None, found.place, day, f"{who.name} has {len(wanted)} changed days.",
        lambda: moves.replan(
            found.place, who, wanted, by=me(request), reason=f"Covers {found.coverage.name(found.one.key)}",
            missing=lambda: gap_of(request, found.place, day, int(key), start).one.gap,
        ),
    )  # fmt: skip
    return redirect("day_sheet", found.place.code, day) if answer.done else redirect(back)


@may("day.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def assign(request: HttpRequest, place: str, day: date, key: str, start: int, person_id: int) -> HttpResponse:
    """Put this person on that shift, through the rules."""
    found = gap_of(request, place_of(request, place, "day.edit"), day, int(key), start)
    who = person_of_day(found.place, day, person_id)
    catalogue = Catalogue()
    on, shift = shift_for(catalogue, found.coverage, found.one, ())
    if not shift:
        raise Http404
    given = {
        "overtime": "yes", "reason": f"Covers {found.coverage.name(found.one.key)}",
        "begins": typed(begins(shift, on, found.until, clock.now(), catalogue) % DAY),
    }  # fmt: skip
    first, _ = frame_of(shift, catalogue)
    form = AssignForm(request.POST or None, initial=given)
    answer = Answer()
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        at = begins(shift, on, found.until, clock.now(), catalogue) if said["begins"] is None else said["begins"]
        at += DAY if at < first else 0
        words = f"{who.name} is on the post from {typed(at % DAY)}, {on:%A} {on.day} {on:%B}."
        answer = attempt(
            request, form, found.place, day, words,
            lambda: moves.put_on_post(
                found.place, who, on, from_then_on(shift, at, catalogue), by=me(request), reason=said["reason"],
                unit=found.unit, overtime=said["overtime"] == "yes", permit_because=said["permit"],
                missing=lambda: gap_of(request, found.place, day, int(key), start).one.gap,
            ),
        )  # fmt: skip
        if answer.done:
            return redirect("day_sheet", found.place.code, day)
    context = frame(request, found.place, day) | {
        "form": form, "heading": f"Put on {catalogue.words(shift)}", "button": "Put on the post", "about": who.name,
        "person": who, "findings": answer.findings, "version": 0, "gap": found, "key": int(key), "start": start,
    }  # fmt: skip
    return render(request, "day/assign.html", context, status=400 if form.is_bound else 200)
