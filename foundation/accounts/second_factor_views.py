"""Pages of the second factor: give a code, set up the app, see new recovery codes."""

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache

from foundation.access import public, signed_in
from foundation.accounts import second_factor, service, sign_in
from foundation.accounts.forms import CodeForm, CurrentPassword
from foundation.accounts.settings_views import guessing, owner

SECRET = "second_factor_secret"  # noqa: S105 - the name of a place in the session
SHOW_CODES = "show_recovery_codes"


@public
@never_cache
def code(request: HttpRequest) -> HttpResponse:
    """The second step of signing in."""
    pending = sign_in.pending(request)
    if pending is None:
        return redirect("sign_in")
    user, wanted = pending
    if not second_factor.has(user):
        return redirect("second_factor_set_up")
    form = CodeForm(request.POST or None)
    context: dict[str, Any] = {"form": form}
    status = HTTPStatus.OK
    if request.method == "POST" and form.is_valid():
        try:
            sign_in.check_code(request, user, form.cleaned_data["code"])
            return sign_in.complete(request, user, wanted)
        except sign_in.Refused as refused:
            form.add_error("code", refused.message)
            context["refused"] = refused
            status = HTTPStatus.TOO_MANY_REQUESTS if refused.minutes else HTTPStatus.OK
    return render(request, "mfa/code.html", context, status=status)


@public
@never_cache
def set_up(request: HttpRequest) -> HttpResponse:
    """For somebody who has given the right password and has no second factor yet; then they are signed in."""
    pending = sign_in.pending(request)
    if pending is None:
        return redirect("sign_in")
    user, wanted = pending
    if second_factor.has(user):
        return redirect("second_factor")
    secret = request.session.setdefault(SECRET, second_factor.new_secret())
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        moment = second_factor.right_moment(secret, "".join(form.cleaned_data["code"].split()))
        if moment is not None:
            second_factor.enable(user, secret, moment)
            request.session.pop(SECRET)
            return _show_codes_after(request, sign_in.complete(request, user, wanted))
        form.add_error("code", "That code is not right. Check the time on your phone, and enter the code it shows now")
    grouped = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
    return render(
        request, "mfa/set_up.html", {"form": form, "secret": grouped, "qr_code": second_factor.qr_code(user, secret)}
    )


def _show_codes_after(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """First the recovery codes, from there to where signing in leads."""
    request.session[SHOW_CODES] = True
    response["Location"] = f"{reverse('recovery_codes')}?{urlencode({'next': response['Location']})}"
    return response


@signed_in
@never_cache
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """Shown once, when they are new; a person can make new ones."""
    user = owner(request)
    if not second_factor.has(user):
        return redirect("account")
    form = CurrentPassword(request.POST or None, user=user)
    if request.method == "POST" and not guessing(request, form):
        second_factor.new_recovery_codes(user)
        request.session[SHOW_CODES] = True
        return redirect("recovery_codes")
    codes = second_factor.recovery_codes(user)
    onward = sign_in.same_site(request.GET.get("next")) or service.landing(user)
    shown = codes if request.session.pop(SHOW_CODES, False) else []
    return render(
        request, "mfa/recovery_codes.html", {"form": form, "codes": shown, "left": len(codes), "onward": onward}
    )
