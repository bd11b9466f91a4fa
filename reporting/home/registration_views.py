"""Pages of registration: the form for everybody, and the steps after the first sign-in."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from foundation import drafts
from foundation.access import public, signed_in
from foundation.accounts.limits import limit, source
from foundation.accounts.models import User
from foundation.web import pages
from reporting.home import registration
from reporting.people import co_deputies
from reporting.people.forms import DetailsForm, NewClientForm, RegistrationForm, VerificationForm, initial
from reporting.people.matching import NotMatched, Why, case_of
from reporting.people.models import Client
from reporting.people.queries import profile_of

HOUR = 3600
NEUTRAL = (
    "We could not match these details with our records. Check that everything is as on the court order and in our "
    "letters to you. If another deputy of this client uses the service already, ask them to invite you"
)
UNKNOWN_CASE = "Enter a valid case number: we do not have this one"


def refuse(form: forms.Form, refused: NotMatched) -> None:
    """One sentence whatever differs; only a case number that we do not have at all is named (D-052)."""
    if refused.why is Why.UNKNOWN_CASE and "case_number" in form.fields:
        form.add_error("case_number", UNKNOWN_CASE)
    else:
        form.add_error(None, NEUTRAL)


def too_often(request: HttpRequest, case_number: str) -> bool:
    """Guessing is slow: by network, and for each case whoever asks."""
    by_source = limit(f"registration:{source(request)}", 30, HOUR)
    return not (limit(f"registration:{case_of(case_number)}", 10, HOUR) and by_source)


@public
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """Who are you and for whom do you act? The answer is the same for a new address and for one that is in use."""
    form = RegistrationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if too_often(request, form.cleaned_data["case_number"]):
            return pages.too_many(request, HOUR)
        try:
            registration.register(form.cleaned_data)
            return redirect("register_sent")
        except NotMatched as refused:
            refuse(form, refused)
    return render(request, "home/register.html", {"form": form})


@public
@require_GET
def sent(request: HttpRequest) -> HttpResponse:
    return render(request, "home/register_sent.html")


def step(name: str) -> Callable[[Callable[[HttpRequest, User], HttpResponse]], Callable[[HttpRequest], HttpResponse]]:
    """A step is open while it is the one that is missing; otherwise the person goes on from where they are."""

    def declare(view: Callable[[HttpRequest, User], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
        @signed_in
        @never_cache
        @sensitive_post_parameters()
        @require_http_methods(["GET", "POST"])
        @drafts.shown
        @wraps(view)
        def opened(request: HttpRequest) -> HttpResponse:
            user = cast(User, request.user)
            missing = registration.missing_step(user)
            return view(request, user) if missing == name else redirect(missing or "home")

        return cast(Callable[[HttpRequest], HttpResponse], opened)

    return declare


@step("register_details")
def details(request: HttpRequest, user: User) -> HttpResponse:
    profile = profile_of(user)
    form = DetailsForm(request.POST or None, initial=initial(profile, DetailsForm))
    draft = drafts.restore(request, form)
    if request.method == "POST" and form.is_valid():
        registration.save_details(user, form.cleaned_data)
        drafts.saved(request)
        return redirect("home")
    return render(request, "home/register_details.html", {"form": form, "draft": draft})


@step("register_client")
def client(request: HttpRequest, user: User) -> HttpResponse:
    known = user.clients.order_by("pk").first()
    given: dict[str, Any] = initial(known, NewClientForm) if isinstance(known, Client) else {"country": "GB"}
    form = NewClientForm(request.POST or None, initial=given, case_number=known.case_number if known else "")
    draft = drafts.restore(request, form)
    if request.method == "POST" and form.is_valid():
        if too_often(request, form.cleaned_data.get("case_number") or form.known_case):
            return pages.too_many(request, HOUR)
        try:
            registration.add_client(user, form.cleaned_data)
            drafts.saved(request)
            return redirect("home")
        except NotMatched as refused:
            refuse(form, refused)
    return render(request, "home/register_client.html", {"form": form, "draft": draft})


@step("register_verify")
def verify(request: HttpRequest, user: User) -> HttpResponse:
    profile = profile_of(user)
    form = VerificationForm(request.POST or None, initial=initial(profile, VerificationForm))
    draft = drafts.restore(request, form)
    if request.method == "POST" and form.is_valid():
        if too_often(request, form.cleaned_data["case_number"]):
            return pages.too_many(request, HOUR)
        try:
            co_deputies.verify(user, form.cleaned_data)
            drafts.saved(request)
            return redirect("home")
        except NotMatched as refused:
            refuse(form, refused)
    return render(request, "home/register_verify.html", {"form": form, "draft": draft})
