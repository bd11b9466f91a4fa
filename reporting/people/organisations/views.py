"""Pages of organisations: which there are, their members, and what a member drops for themselves."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation import drafts
from foundation.access import can, may
from foundation.accounts import sign_in
from foundation.accounts.limits import limit
from foundation.accounts.models import User
from foundation.web import pages
from foundation.web.paging import pagination
from reporting.people.actions import Stale
from reporting.people.organisations import actions, queries
from reporting.people.organisations.actions import Refused
from reporting.people.organisations.forms import MemberForm, shown
from reporting.people.organisations.models import Organisation
from reporting.people.roles import TITLES, Act, may_act_on
from reporting.people.views import both_values, person, version_of

HOUR = 3600
INVITATIONS = 50
"""Invitations that one person may send within an hour."""


@may("member.see")
@require_GET
def organisations(request: HttpRequest) -> HttpResponse:
    """The person's organisations; straight to the only one that is activated."""
    found = queries.memberships(request.user)
    if len(found) == 1 and found[0].is_activated:
        return redirect("organisation", found[0].pk)
    return render(request, "people/organisations/organisations.html", {"organisations": found})


@may("member.see")
@require_GET
def organisation(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """Its members, 15 a page, and what the person may do to each."""
    found = queries.organisation_of(request.user, organisation_id)
    text = request.GET.get("q", "")[:100]
    page = Paginator(queries.members_of(found, text), queries.MEMBERS_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "organisation": found,
        "several": len(queries.memberships(request.user)) > 1,
        "manages": can(request.user, "member.manage"),
        "text": text,
        "page": page,
        "pagination": pagination(page, request.path, {"q": text} if text else {}),
        "members": [_line(request, member) for member in page.object_list],
    }
    return render(request, "people/organisations/members.html", context)


def _line(request: HttpRequest, member: User) -> dict[str, Any]:
    me = member == request.user
    return {
        "member": member,
        "title": TITLES.get(member.role, ""),
        "me": me,
        "may_edit": queries.may_edit(request.user, member),
        "may_remove": queries.may_remove(request.user, member),
        "may_invite": not me and may_act_on(request.user, member, Act.EDIT) and member.stage == User.Stage.INVITED,
    }


@may("member.manage")
@require_http_methods(["GET", "POST"])
@drafts.shown
def member_add(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """A new colleague, who gets an invitation; or one who has an account already."""
    found = queries.organisation_of(request.user, organisation_id)
    form = MemberForm(request.POST or None, actor=request.user)
    draft = drafts.restore(request, form)
    if request.method == "POST" and form.is_valid():
        if not limit(f"member:{person(request).pk}", INVITATIONS, HOUR):
            return pages.too_many(request, HOUR)
        try:
            member = actions.invite_member(found, **form.values(), by=person(request))
            drafts.saved(request)
            invited = member.stage == User.Stage.INVITED
            messages.success(request, f"{member.name} {'has been invited by email' if invited else 'has been added'}.")
            return redirect("organisation", found.pk)
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
    return render(
        request, "people/organisations/member_add.html", {"organisation": found, "form": form, "draft": draft}
    )


@may("member.manage")
@require_http_methods(["GET", "POST"])
@drafts.shown
def member_edit(request: HttpRequest, organisation_id: int, user_id: int) -> HttpResponse:
    found = queries.organisation_of(request.user, organisation_id)
    member = queries.member_of(found, user_id)
    if not queries.may_edit(request.user, member):
        raise PermissionDenied
    form = MemberForm(request.POST or None, actor=request.user, member=member)
    draft = drafts.restore(request, form)
    stale = None
    if request.method == "POST" and form.is_valid():
        try:
            actions.update_member(member, form.values(), by=person(request), version=version_of(request))
            drafts.saved(request)
            messages.success(request, "The details have been saved.")
            return redirect("organisation", found.pk)
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        except Stale as error:
            stale = member = error.stored
    context = {
        "organisation": found, "member": member, "form": form, "draft": draft,
        "version": drafts.sent(draft, "version", member.version),
        "differences": both_values(form, shown(stale)) if stale else [],
    }  # fmt: skip
    return render(request, "people/organisations/member_edit.html", context)


@may("member.manage")
@require_http_methods(["GET", "POST"])
def member_remove(request: HttpRequest, organisation_id: int, user_id: int) -> HttpResponse:
    """Asks first; afterwards the person sees nothing of the organisation any more (D-092)."""
    found = queries.organisation_of(request.user, organisation_id)
    member = queries.member_of(found, user_id)
    if not queries.may_remove(request.user, member):
        raise PermissionDenied
    if request.method == "POST":
        actions.remove_member(found, member, by=person(request))
        messages.success(request, f"{member.name} has been removed from {found.name}.")
        return redirect("organisation", found.pk)
    return render(request, "people/organisations/member_remove.html", {"organisation": found, "member": member})


@may("member.manage")
@require_POST
def member_invite(request: HttpRequest, organisation_id: int, user_id: int) -> HttpResponse:
    """The mailed link once more, for somebody who has not followed it yet."""
    found: Organisation = queries.organisation_of(request.user, organisation_id)
    member = queries.member_of(found, user_id)
    if not limit(f"member:{person(request).pk}", INVITATIONS, HOUR):
        return pages.too_many(request, HOUR)
    actions.invite_again(member, by=person(request))
    if member.stage == User.Stage.INVITED:
        messages.success(request, f"We have sent {member.name} a new invitation.")
    else:
        messages.info(request, f"{member.name} has chosen a password already. Nothing was sent.")
    return redirect("organisation", found.pk)


@may("admin_right.drop")
@require_http_methods(["GET", "POST"])
def drop_admin_right(request: HttpRequest) -> HttpResponse:
    """Become an ordinary member; the person signs in again as what they are now."""
    if request.method == "POST":
        actions.drop_admin_right(person(request))
        return sign_in.sign_out(request, reverse("sign_in") + "?signed_out=1")
    return render(request, "people/organisations/drop_admin_right.html")
