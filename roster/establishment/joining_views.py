"""Somebody joins the roster, or leaves it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from foundation import clock
from foundation.access import may
from roster.establishment import actions, queries
from roster.establishment.forms import JoinForm, LeaveForm
from roster.establishment.models import Person
from roster.establishment.views import CHANGED, me, version_of


@may("staff.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def staff_add(request: HttpRequest) -> HttpResponse:
    """One person with all that planning needs of them; more is added on their page."""
    form = JoinForm(request.POST if request.method == "POST" else None, user=request.user)
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            made = actions.add(form.details(), given["since"], form.held(), given["skills"], by=me(request))
        except actions.Clash as clash:
            form.add_error("user_name", str(clash))
        else:
            messages.success(request, f"{made.name} has been added.")
            return redirect("person", made.pk)
    return render(request, "establishment/staff_add.html", {"form": form}, status=400 if form.is_bound else 200)


@may("staff.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def staff_leave(request: HttpRequest, person_id: int) -> HttpResponse:
    """A page that says what ends, and a POST."""
    person = get_object_or_404(Person.objects.visible_to(request.user), pk=person_id)
    if not queries.may_edit(request.user, person):
        raise PermissionDenied
    form = LeaveForm(
        request.POST if request.method == "POST" else None, initial={"last_day": clock.today().isoformat()}
    )
    version = person.version
    if form.is_bound:
        version = version_of(request)
        if form.is_valid():
            try:
                actions.leave(person, form.cleaned_data["last_day"], by=me(request), version=version)
            except actions.Stale as stale:
                form.add_error(None, CHANGED)
                version = stale.stored.version
            except actions.Clash as clash:
                form.add_error("last_day", str(clash))
            else:
                messages.success(request, f"{person.name} leaves on {form.cleaned_data['last_day']:%-d %B %Y}.")
                return redirect("staff")
    context = {"form": form, "person": person, "version": version}
    return render(request, "establishment/staff_leave.html", context, status=400 if form.is_bound else 200)
