"""Private addresses under which a calendar program fetches a roster: make one, stop one, and the file itself."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import conditional_page, require_http_methods, require_safe

from foundation.access import may, public
from roster.diary import actions
from roster.diary.calendar import feed
from roster.diary.models import CalendarAddress
from roster.diary.views import me
from roster.establishment.models import Person, here

KINDS = {"own": False, "family": True}


@may("diary.see")
@require_safe
def calendar_addresses(request: HttpRequest) -> HttpResponse:
    found = {whose: _address(me(request), whose) for whose in KINDS}
    context = {**found, "days_ahead": settings.CALENDAR_DAYS_AHEAD}
    return render(request, "diary/calendar_addresses.html", context)


@may("diary.see")
@require_http_methods(["GET", "HEAD", "POST"])
def make_address(request: HttpRequest, whose: str) -> HttpResponse:
    """A page that asks; then the new address, this once. It is in no other page, and nowhere in the database."""
    person = me(request)
    address = _address(person, whose)
    if request.method == "POST":
        secret = actions.make_address(person, family=KINDS[whose], by=request.user)
        made = settings.DIARY_URL + reverse("calendar_file", args=[secret])
        return render(request, "diary/calendar_made.html", {"whose": whose, "made": made})
    return render(request, "diary/calendar_confirm.html", {"whose": whose, "address": address, "stop": False})


@may("diary.see")
@require_http_methods(["GET", "HEAD", "POST"])
def stop_address(request: HttpRequest, whose: str) -> HttpResponse:
    person = me(request)
    address = _address(person, whose)
    if request.method == "POST":
        actions.revoke_address(person, family=KINDS[whose], by=request.user)
        messages.success(request, "The address no longer works.")
        return redirect("calendar_addresses")
    if address is None:
        return redirect("calendar_addresses")
    return render(request, "diary/calendar_confirm.html", {"whose": whose, "address": address, "stop": True})


def _address(person: Person, whose: str) -> CalendarAddress | None:
    if whose not in KINDS:
        raise Http404
    return CalendarAddress.objects.filter(person=person, family=KINDS[whose], revoked_at=None).first()


@public
@require_safe
@conditional_page
def calendar_file(request: HttpRequest, secret: str) -> HttpResponse:
    """What a calendar program fetches: the secret in the address is all that it shows. It may keep its copy, and is
    told in a word (304) while nothing has changed.
    """
    rows = CalendarAddress.objects.filter(here("person__"), secret_hash=actions.secret_hash(secret), revoked_at=None)
    found = rows.select_related("person").first()
    if found is None:
        raise Http404
    response = HttpResponse(feed(found.person, family=found.family), content_type="text/calendar; charset=utf-8")
    response["Cache-Control"] = "private, no-cache"
    return response
