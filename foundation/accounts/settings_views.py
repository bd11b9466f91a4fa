"""What a person changes about their own account: password, e-mail address, name."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from foundation.access import may, public, signed_in
from foundation.accounts import actions, second_factor, service
from foundation.accounts.forms import ChangeEmailForm, ChangePasswordForm, NameForm
from foundation.accounts.limits import limit
from foundation.accounts.models import User
from foundation.accounts.tokens import EMAIL, Expired, Invalid
from foundation.accounts.views import LOOK_UP_SECONDS, dead_link, too_many_look_ups
from foundation.web import pages

EDIT = "account.edit"
GUESSES, GUESS_SECONDS = 10, 600


def owner(request: HttpRequest) -> User:
    """Who is signed in: for views that only open for somebody who is."""
    return cast(User, request.user)


def guessing(request: HttpRequest, form: Any) -> bool:
    """Whether a form that asks for the current password is to be refused; a borrowed browser may not try for ever."""
    if not limit(f"current-password:{owner(request).pk}", GUESSES, GUESS_SECONDS):
        form.errors.clear()
        form.add_error("current_password", "You have tried too often. Wait 10 minutes, then try again")
        return True
    return not form.is_valid()


@signed_in
def account(request: HttpRequest) -> HttpResponse:
    """An overview of the account, with a link to each change."""
    user = owner(request)
    context = {"person": user, "staff": service.is_staff(user), "second_factor": second_factor.has(user)}
    return render(request, "account/account.html", context)


@signed_in
@never_cache
@sensitive_post_parameters()
def change_password(request: HttpRequest) -> HttpResponse:
    form = ChangePasswordForm(request.POST or None, user=owner(request))
    if request.method == "POST" and not guessing(request, form):
        with transaction.atomic():
            actions.change_password(owner(request), form.cleaned_data["password"])
            update_session_auth_hash(request, owner(request))
        messages.success(request, "Your password has been changed. Other devices have been signed out.")
        return redirect("account")
    return render(request, "account/change_password.html", {"form": form})


@may(EDIT)
@never_cache
@sensitive_post_parameters()
def change_email(request: HttpRequest) -> HttpResponse:
    form = ChangeEmailForm(request.POST or None, user=owner(request))
    if request.method == "POST" and not guessing(request, form):
        actions.ask_new_email(owner(request), form.cleaned_data["email"])
        return render(request, "account/email_sent.html", {"email": form.cleaned_data["email"]})
    return render(request, "account/change_email.html", {"form": form})


@public
@never_cache
def confirm_email(request: HttpRequest, token: str) -> HttpResponse:
    """Opened from the new address, on any device; a button confirms, for a mail program may open links by itself."""
    if too_many_look_ups(request, EMAIL, token):
        return pages.too_many(request, LOOK_UP_SECONDS)
    try:
        user = actions.confirm_email(token) if request.method == "POST" else EMAIL.read(token)
    except (Expired, Invalid):
        return dead_link(request, EMAIL)
    done = request.method == "POST"
    return render(
        request, "account/confirm_email.html", {"done": done, "email": user.email if done else user.new_email}
    )


@may(EDIT)
def change_name(request: HttpRequest) -> HttpResponse:
    user = User.objects.get(pk=owner(request).pk)  # a copy: a refused name must not show in the header
    form = NameForm(request.POST or None, instance=user)
    if request.method == "POST" and form.is_valid():
        actions.change_name(user, form.cleaned_data["first_name"], form.cleaned_data["last_name"])
        messages.success(request, "Your name has been changed.")
        return redirect("account")
    return render(request, "account/change_name.html", {"form": form})
