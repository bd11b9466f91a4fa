"""Addresses of drafts: keep what is typed on a page, and drop it."""

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from foundation import drafts
from foundation.access import signed_in


@signed_in
@require_POST
def keep(request: HttpRequest) -> HttpResponseBase:
    """The script sends a page's fields while a person types: ``draft-page``, ``draft-sequence`` and the fields."""
    data = request.POST.copy()
    page = str(data.pop("draft-page", [""])[-1])
    sequence = str(data.pop("draft-sequence", ["0"])[-1])
    if not _ours(request, page) or not sequence.isdigit():
        return JsonResponse({"kept": False}, status=400)
    try:
        drafts.keep(request.user, page, data, int(sequence))
    except drafts.TooLarge:
        return JsonResponse({"kept": False}, status=413)
    return JsonResponse({"kept": True})


@signed_in
@require_POST
def drop(request: HttpRequest) -> HttpResponseBase:
    """The person does not want what was kept for ``page``; back to that page."""
    page = request.POST.get("page", "/")
    if not _ours(request, page):
        return HttpResponse(status=400)
    drafts.drop(request.user, page)
    return redirect(urlsplit(page).path)


def _ours(request: HttpRequest, page: str) -> bool:
    return page.startswith("/") and url_has_allowed_host_and_scheme(page, allowed_hosts=None)


urlpatterns = [
    path("drafts/keep", keep, name="draft_keep"),
    path("drafts/drop", drop, name="draft_drop"),
]
