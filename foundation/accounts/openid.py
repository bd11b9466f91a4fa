"""Signing in through the identity provider of staff, for services whose people have no password here.

The service says who somebody is: ``settings.IDENTITY_USER`` names a function from verified claims to a user, or None.
What must survive the journey (state, verifier, the page that was wanted) waits in the session, for ten minutes.
"""

from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.crypto import constant_time_compare
from django.utils.module_loading import import_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation import audit, clock
from foundation.access import public
from foundation.accounts import service
from foundation.accounts import sign_in as signing_in
from foundation.accounts.limits import limit, source
from foundation.clients import Rejected, Unavailable
from foundation.clients.identity import identity

LEFT = "left_for_identity"
JOURNEY_SECONDS = 600
TRIES, TRIES_SECONDS = 60, 600
NOBODY = "This account has no access to the roster. Ask your detail office"
FAILED = "We could not sign you in. Try again"
AWAY = "The sign-in service does not answer at the moment. Try again in a few minutes"


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """One button; pressing it leads to the identity provider."""
    wanted = signing_in.same_site(request.POST.get("next", request.GET.get("next", "")))
    if request.user.is_authenticated:
        return redirect(wanted or service.landing(request.user))
    if request.method == "POST":
        leaving = identity().leave(_back(request))
        until = clock.now().timestamp() + JOURNEY_SECONDS
        request.session[LEFT] = {
            "state": leaving.state, "verifier": leaving.verifier, "wanted": wanted, "until": until,
        }  # fmt: skip
        return HttpResponseRedirect(leaving.url)
    return _page(request, wanted=wanted)


def _page(request: HttpRequest, message: str = "", wanted: str = "", status: int = HTTPStatus.OK) -> HttpResponse:
    context: dict[str, Any] = {
        "wanted": wanted,
        "timed_out": "timeout" in request.GET,
        "signed_out": "signed_out" in request.GET,
        "errors": [{"text": message, "href": "#sign-in"}] if message else [],
    }
    return render(request, "account/sign_in_elsewhere.html", context, status=status)


def _back(request: HttpRequest) -> str:
    return request.build_absolute_uri(reverse("sign_in_return"))


@public
@never_cache
@require_GET
def sign_in_return(request: HttpRequest) -> HttpResponse:
    """The way back: whoever started this journey here, and is known, is signed in."""
    left: dict[str, Any] = request.session.pop(LEFT, None) or {}
    wanted = signing_in.same_site(left.get("wanted", ""))
    if not _ours(request, left) or not limit(f"identity:{source(request)}", TRIES, TRIES_SECONDS):
        return _page(request, FAILED, wanted, HTTPStatus.BAD_REQUEST)
    try:
        claims = identity().arrive(request.GET.get("code", ""), left["verifier"], _back(request))
    except Unavailable:
        return _page(request, AWAY, wanted, HTTPStatus.SERVICE_UNAVAILABLE)
    except Rejected:
        audit.record("SIGN_IN_FAILED", after={"why": "identity"})
        return _page(request, FAILED, wanted, HTTPStatus.BAD_REQUEST)
    user = import_string(settings.IDENTITY_USER)(claims)
    if user is None or not user.has_access or not service.belongs_here(user):
        audit.record("SIGN_IN_FAILED", subject=user, after={"why": "unknown" if user is None else "no role here"})
        return _page(request, service.without_rights(user) or NOBODY, wanted, HTTPStatus.FORBIDDEN)
    return signing_in.complete(request, user, wanted)


def _ours(request: HttpRequest, left: dict[str, Any]) -> bool:
    state = request.GET.get("state", "")
    return bool(left) and left["until"] > clock.now().timestamp() and constant_time_compare(left["state"], state)


@public
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Out of this service, and out of the provider's session too."""
    here = request.build_absolute_uri(reverse("sign_in")) + "?signed_out=1"
    return signing_in.sign_out(request, identity().sign_out_url(here))


urlpatterns = [
    path("sign-in", sign_in, name="sign_in"),
    path("sign-in/return", sign_in_return, name="sign_in_return"),
    path("sign-out", sign_out, name="sign_out"),
]
