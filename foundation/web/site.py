"""Pages about the site itself: cookies, privacy, accessibility, terms, and the keep-alive of the session."""

from http import HTTPStatus
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from foundation.access import public, signed_in

COOKIE = "cookie_policy"
COOKIE_SECONDS = 365 * 24 * 3600


class CookieForm(forms.Form):
    """The one choice: may use of the service be counted."""

    usage = forms.ChoiceField(
        choices=[("yes", "Yes"), ("no", "No")],
        error_messages={
            "required": "Select yes if we may count how the service is used",
            "invalid_choice": "Select yes or no",
        },
    )


@public
@require_http_methods(["GET", "HEAD", "POST"])
def cookies(request: HttpRequest) -> HttpResponse:
    context: dict[str, Any] = {
        "chosen": request.COOKIES.get(COOKIE, ""),
        "cookie_names": {"session": settings.SESSION_COOKIE_NAME, "csrf": settings.CSRF_COOKIE_NAME},
    }
    if request.method != "POST":
        return render(request, "site/cookies.html", context)
    form = CookieForm(request.POST)
    if not form.is_valid():
        return render(request, "site/cookies.html", context | {"form": form}, status=HTTPStatus.BAD_REQUEST)
    usage = form.cleaned_data["usage"]
    answer = "accepted" if usage == "yes" else "rejected"
    messages.success(request, f"You have {answer} counting cookies. You can change this on the cookies page.")
    response = HttpResponseRedirect(_back(request))
    response.set_cookie(
        COOKIE, usage, max_age=COOKIE_SECONDS, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax"
    )
    return response


def _back(request: HttpRequest) -> str:
    """The page that the banner was on, if it is one of ours."""
    back = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return back if ours else reverse("cookies")


@public
@require_GET
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "site/privacy.html")


@public
@require_GET
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "site/accessibility.html")


@public
@require_GET
def terms(request: HttpRequest) -> HttpResponse:
    return render(request, "site/terms.html")


@signed_in
@never_cache
@require_GET
def session_keep_alive(request: HttpRequest) -> HttpResponse:
    """Reaching it is enough: every request of a signed-in person prolongs the session."""
    return HttpResponse(status=204)
