"""Addresses of drafts: keep what is typed on a page, drop it, and send a held page again."""

from urllib.parse import urlsplit

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from foundation import drafts
from foundation.access import signed_in
from foundation.accounts.limits import limit

A_MINUTE = 200
"""The script sends at most 40 times a minute; a person may have several tabs."""


@signed_in
@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """The script sends a page's fields while a person types: ``draft-page``, ``-sequence``, ``-user`` and the fields.

    204 kept; 400 not such a page; 403 of somebody else; 409 something newer is known; 413 too large; 429 too many.
    """
    page = request.POST.get("draft-page", "")
    sequence = drafts.sequence_of(request.POST)
    if sequence is None or not drafts.shown_at(page):
        return HttpResponse(status=400)
    if request.POST.get("draft-user") != str(request.user.pk):  # another tab signed somebody else in
        return HttpResponse(status=403)
    if not limit(f"draft:{request.user.pk}", A_MINUTE, 60):
        return HttpResponse(status=429)
    try:
        drafts.keep(request.user, page, request.POST, sequence)
    except drafts.Older as older:
        return JsonResponse({"sequence": older.sequence}, status=409)
    except drafts.TooLarge:
        return HttpResponse(status=413)
    except drafts.TooMany:
        return HttpResponse(status=429)
    return HttpResponse(status=204)


@signed_in
@require_POST
def drop(request: HttpRequest) -> HttpResponseBase:
    """The person does not want what was kept for ``page``; back to that page."""
    page = request.POST.get("page", "/")
    if not page.startswith("/") or not url_has_allowed_host_and_scheme(page, allowed_hosts=None):
        return HttpResponse(status=400)
    drafts.drop(request.user, page, drafts.sequence_of(request.POST))
    request.session[drafts.SAVED] = urlsplit(page).path
    return redirect(page)


@signed_in
@require_GET
def held_post(request: HttpRequest) -> HttpResponse:
    """A page that was sent after the session had ended, ready to be sent again."""
    held = drafts.held_post(request)
    if held is None or held.data is None:
        raise Http404("nothing is held")
    fields = [(name, value) for name, values in held.data.lists() if name != drafts.FILES for value in values]
    return render(
        request, "drafts/held.html", {"fields": fields, "action": held.page, "files": drafts.FILES in held.data}
    )


urlpatterns = [
    path("drafts/keep", keep, name="draft_keep"),
    path("drafts/drop", drop, name="draft_drop"),
    path("drafts/held", held_post, name="held_post"),
]
