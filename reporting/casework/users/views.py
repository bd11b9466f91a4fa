"""Pages about accounts: search, one account, add, edit, and what is decided about one.

A decision is a page that says what will happen, and a POST that carries the version of what was seen.
"""

from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation.access import can, may
from foundation.accounts import second_factor
from foundation.accounts.actions import EmailTaken
from foundation.accounts.models import User
from foundation.accounts.receipts import activation_bounced
from reporting.casework.users import actions, queries
from reporting.casework.users.forms import NewUserForm, UserForm, UserSearchForm
from reporting.people import roles
from reporting.people.actions import Stale
from reporting.people.roles import Act, may_act_on

TAKEN = "Somebody has an account with this email address already"
CHANGED = "Nothing was done: somebody changed this account since you opened the page. Look at it now."


def staff(request: HttpRequest) -> User:
    return cast(User, request.user)


def _person(request: HttpRequest, user_id: int) -> User:
    return get_object_or_404(queries.visible_to(request.user), pk=user_id)


def _allowed(request: HttpRequest, user_id: int, act: Act) -> User:
    person = _person(request, user_id)
    if not may_act_on(request.user, person, act):
        raise PermissionDenied
    return person


@may("user.search")
@require_GET
def users(request: HttpRequest) -> HttpResponse:
    """Where staff arrive: the newest accounts, or those that were looked for."""
    form = UserSearchForm(request.GET)
    found = []
    if form.is_valid():
        wanted = form.cleaned_data
        everybody = queries.visible_to(request.user)
        found = queries.search(everybody, wanted["text"], wanted["group"], clients=wanted["clients"])
    context = {
        "form": form,
        "typed": request.GET,
        "users": found,
        "most": queries.MOST,
        "titles": roles.TITLES,
        "may_activate": {user.pk for user in found if may_act_on(request.user, user, Act.EDIT)},
    }
    return render(request, "casework/users/users.html", context)


@may("user.search")
@require_GET
def user(request: HttpRequest, user_id: int) -> HttpResponse:
    person = _person(request, user_id)
    context = {
        "person": person,
        "profile": getattr(person, "profile", None),
        "title": roles.TITLES.get(person.role, person.role),
        "is_staff": person.role in roles.STAFF,
        "is_lay": person.role == roles.LAY,
        "clients": queries.clients_of(person) if person.role == roles.LAY else [],
        "organisations": person.organisations.filter(deleted_at=None).order_by("name"),
        "second_factor": second_factor.has(person),
        "bounced": person.stage == User.Stage.INVITED and activation_bounced(person),
        "may_edit": may_act_on(request.user, person, Act.EDIT),
        "may_delete": may_act_on(request.user, person, Act.DELETE),
        "may_protect": can(request.user, "user.protect"),
    }
    return render(request, "casework/users/user.html", context)


@may("user.manage")
@require_http_methods(["GET", "HEAD", "POST"])
def user_add(request: HttpRequest) -> HttpResponse:
    form = NewUserForm(request.POST if request.method == "POST" else None, by=staff(request))
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.add(**form.cleaned_data, by=staff(request))
        except EmailTaken:
            form.add_error("email", TAKEN)
        else:
            messages.success(request, f"{made.name} has been added. The link to activate the account is on its way.")
            return redirect("user", made.pk)
    return render(request, "casework/users/add.html", {"form": form}, status=400 if form.is_bound else 200)


@may("user.manage")
@require_http_methods(["GET", "HEAD", "POST"])
def user_edit(request: HttpRequest, user_id: int) -> HttpResponse:
    person = _allowed(request, user_id, Act.EDIT)
    form = UserForm(
        request.POST if request.method == "POST" else None,
        by=staff(request), person=person, initial=actions.current(person),
    )  # fmt: skip
    context = {"form": form, "person": person, "version": actions.version_of(person), "differences": []}
    if request.method == "POST" and form.is_valid():
        version = request.POST.get("version", "")
        try:
            saved = actions.edit(person, form.cleaned_data, by=staff(request), version=version)
        except EmailTaken:
            form.add_error("email", TAKEN)
            context["version"] = version
        except Stale as stale:
            context |= {"version": actions.version_of(stale.stored), "differences": _differences(form, stale.stored)}
        else:
            messages.success(request, _saved(saved, form.cleaned_data))
            return redirect("user", person.pk)
    elif form.is_bound:
        context["version"] = request.POST.get("version", "")
    return render(request, "casework/users/edit.html", context, status=400 if form.is_bound else 200)


def _saved(person: User, sent: dict[str, Any]) -> str:
    if sent.get("email", person.email) != person.email:
        return (
            f"Saved. The email address changes when {sent['email']} has been confirmed by the link that we sent there."
        )
    return "The account has been saved."


def _differences(form: UserForm, stored: User) -> list[dict[str, str]]:
    """Both values of what somebody else changed meanwhile."""
    theirs = actions.current(stored)
    return [
        {"label": str(field.label or ""), "stored": _words(name, theirs[name]), "sent": _words(name, sent)}
        for name, field in form.fields.items()
        if theirs[name] != (sent := form.cleaned_data[name])
    ]


def _words(name: str, value: str) -> str:
    return roles.TITLES.get(value, value) if name == "role" else value


@may("user.manage")
@require_POST
def user_activation(request: HttpRequest, user_id: int) -> HttpResponse:
    """A new activation link."""
    person = _allowed(request, user_id, Act.EDIT)
    if actions.send_activation(person, by=staff(request)):
        messages.success(request, f"A new link to activate the account is on its way to {person.email}.")
    else:
        messages.warning(request, f"{person.name} has chosen a password already: no link was sent.")
    return redirect("user", person.pk)


@may("user.protect")
@require_POST
def user_protection(request: HttpRequest, user_id: int) -> HttpResponse:
    """Whether the account may be deleted by age."""
    person = _person(request, user_id)
    on = request.POST.get("protect") == "yes"
    actions.protect(person, on=on, by=staff(request))
    kept = "will not be deleted, however long it is not used" if on else "is deleted when it is not used for too long"
    messages.success(request, f"The account of {person.name} {kept}.")
    return redirect("user", person.pk)


# Decisions with a page that asks first


def _decision(
    request: HttpRequest, user_id: int, template: str, decide: Callable[..., None], done: str, *, onward: str = "user"
) -> HttpResponse:
    person = _allowed(request, user_id, Act.DELETE)
    if request.method != "POST":
        return render(request, f"casework/users/{template}.html", {"person": person})
    version = request.POST.get("version", "")
    name = person.name
    try:
        decide(person, by=staff(request), version=int(version) if version.isdecimal() and len(version) < 10 else -1)
    except Stale:
        messages.error(request, CHANGED)
        return redirect("user", user_id)
    messages.success(request, done.format(name=name))
    return redirect("users") if onward == "users" else redirect("user", user_id)


@may("user.delete")
@require_http_methods(["GET", "HEAD", "POST"])
def user_delete(request: HttpRequest, user_id: int) -> HttpResponse:
    done = "The account of {name} has been deleted."
    return _decision(request, user_id, "delete", actions.delete, done, onward="users")


@may("user.delete")
@require_http_methods(["GET", "HEAD", "POST"])
def user_disable(request: HttpRequest, user_id: int) -> HttpResponse:
    return _decision(request, user_id, "disable", actions.disable, "{name} cannot sign in any more.")


@may("user.delete")
@require_http_methods(["GET", "HEAD", "POST"])
def user_enable(request: HttpRequest, user_id: int) -> HttpResponse:
    return _decision(request, user_id, "enable", actions.enable, "{name} can sign in again.")


@may("user.delete")
@require_http_methods(["GET", "HEAD", "POST"])
def user_second_factor(request: HttpRequest, user_id: int) -> HttpResponse:
    done = "{name} sets up a new second factor at the next sign-in."
    return _decision(request, user_id, "second_factor", actions.reset_second_factor, done)
