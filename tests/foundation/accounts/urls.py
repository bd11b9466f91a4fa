"""A tiny site with the accounts' pages, a page for everybody signed in and one that asks for a verb."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from foundation.access import may, public, signed_in
from foundation.accounts.receipts import notify_receipts

handler400 = "foundation.web.pages.bad_request"
handler403 = "foundation.web.pages.forbidden"
handler404 = "foundation.web.pages.not_found"


@public
def start(request: HttpRequest) -> HttpResponse:
    return HttpResponse("start")


@signed_in
def steps(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"steps of {request.user.pk}")


@may("report.see")
def orders(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"orders of {request.user.pk}")


urlpatterns = [
    path("", start, name="start"),
    path("", include("foundation.web.urls")),
    path("", include("foundation.accounts.urls")),
    path("", include("foundation.draft_views")),
    path("notify/receipts", notify_receipts, name="notify_receipts"),
    path("steps", steps, name="steps"),
    path("orders", orders, name="orders"),
]
