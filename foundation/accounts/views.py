"""Getting in and out: sign-in, sign-out, the first password, a forgotten password."""

from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib import auth
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from foundation.access import public
from foundation.accounts import actions, service
from foundation.accounts import sign_in as signing_in
from foundation.accounts.forms import ActivationForm, EmailForm, PasswordForm, SignInForm
from foundation.accounts.limits import limit, source
from foundation.accounts.models import User, Users
from foundation.accounts.tokens import ACTIVATION, RESET, Expired, Invalid, Link
from foundation.web import pages

HOUR = 3600
LOOK_UPS, LOOK_UP_SECONDS = 100, 300


@public
@never_cache
@sensitive_post_parameters("password")
def sign_in(request: HttpRequest) -> HttpResponse:
    wanted = request.POST.get("next", request.GET.get("next", ""))
    if request.user.is_authenticated and request.method != "POST":
        return redirect(signing_in.same_site(wanted) or service.landing(request.user))
    form = SignInForm(request.POST or None)
    context: dict[str, Any] = {
        "form": form,
        "wanted": signing_in.same_site(wanted),
        "timed_out": "timeout" in request.GET,
        "signed_out": "signed_out" in request.GET,
    }
    status = HTTPStatus.OK
    if request.method == "POST" and form.is_valid():
        try:
            user = signing_in.authenticate(request, form.cleaned_data["email"], form.cleaned_data["password"])
            return signing_in.proceed(request, user, wanted)
        except signing_in.Refused as refused:
            # Neither field is marked: that would say which of the two is wrong.
            context |= {"refused": refused, "errors": [{"text": refused.message, "href": "#id_email"}]}
            status = HTTPStatus.TOO_MANY_REQUESTS if refused.minutes else HTTPStatus.OK
    return render(request, "account/sign_in.html", context, status=status)


@public
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    return signing_in.sign_out(request, reverse("sign_in") + "?signed_out=1")


def too_many_look_ups(request: HttpRequest, link: Link, token: str) -> bool:
    """Guessing at links is stopped per user that a link names, else per network."""
    return not limit(f"look-up:{link.owner(token) or source(request)}", LOOK_UPS, LOOK_UP_SECONDS)


def dead_link(request: HttpRequest, link: Link) -> HttpResponse:
    return render(request, "account/dead_link.html", {"kind": link.name}, status=HTTPStatus.GONE)


@public
@never_cache
@sensitive_post_parameters("password", "password_again")
def activate(request: HttpRequest, token: str) -> HttpResponse:
    """The first password. A deputy goes on to the steps of registration, staff to their second factor."""
    if too_many_look_ups(request, ACTIVATION, token):
        return pages.too_many(request, LOOK_UP_SECONDS)
    try:
        user = ACTIVATION.read(token)
        form = ActivationForm(request.POST or None, user=user, ask_terms=not service.is_staff(user))
        if request.method == "POST" and form.is_valid():
            agreed = bool(form.cleaned_data.get("terms"))
            user = actions.activate(token, form.cleaned_data["password"], agreed=agreed)
            return _enter(request, user)
    except Expired:
        return render(request, "account/activation_expired.html", {"token": token}, status=HTTPStatus.GONE)
    except Invalid:
        return dead_link(request, ACTIVATION)
    return render(request, "account/activate.html", {"form": form, "email": user.email})


def _enter(request: HttpRequest, user: User) -> HttpResponse:
    """Straight in after the first password, unless this is the other site or another account is to be used."""
    if not service.belongs_here(user) or service.may_sign_in(user):
        return redirect("sign_in")
    if request.user.is_authenticated and request.user != user:
        auth.logout(request)
    return signing_in.proceed(request, user)


@public
@require_POST
def resend_activation(request: HttpRequest) -> HttpResponse:
    """A new link to the address of the account that an old, expired link is for."""
    token = request.POST.get("token", "")
    if too_many_look_ups(request, ACTIVATION, token):
        return pages.too_many(request, LOOK_UP_SECONDS)
    try:
        ACTIVATION.read(token)
    except Expired as expired:
        if not limit(f"activation:{expired.user.pk}", 5, HOUR):
            return pages.too_many(request, HOUR)
        actions.send_activation(expired.user)
    except Invalid:
        return dead_link(request, ACTIVATION)
    return redirect("check_your_email")


@public
def check_your_email(request: HttpRequest) -> HttpResponse:
    return render(request, "account/check_your_email.html")


@public
@never_cache
def forgotten_password(request: HttpRequest) -> HttpResponse:
    """The same answer whether or not somebody has the address."""
    form = EmailForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        email = Users.normalise(form.cleaned_data["email"])
        if not limit(f"forgotten:{source(request)}", 30, HOUR):
            return pages.too_many(request, HOUR)
        if limit(f"forgotten:{email}", 5, HOUR):
            actions.ask_reset(email)
        return redirect("reset_sent")
    return render(request, "account/forgotten_password.html", {"form": form})


@public
def reset_sent(request: HttpRequest) -> HttpResponse:
    return render(request, "account/reset_sent.html")


@public
@never_cache
@sensitive_post_parameters("password", "password_again")
def reset_password(request: HttpRequest, token: str) -> HttpResponse:
    if too_many_look_ups(request, RESET, token):
        return pages.too_many(request, LOOK_UP_SECONDS)
    try:
        user = RESET.read(token)
        form = PasswordForm(request.POST or None, user=user)
        if request.method == "POST" and form.is_valid():
            actions.reset_password(token, form.cleaned_data["password"])
            return HttpResponseRedirect(reverse("reset_done"))
    except (Expired, Invalid):
        return dead_link(request, RESET)
    return render(request, "account/reset_password.html", {"form": form, "email": user.email})


@public
def reset_done(request: HttpRequest) -> HttpResponse:
    return render(request, "account/reset_done.html", {"site": settings.SITE})
