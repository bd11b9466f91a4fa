"""Somebody joins the roster. How they leave it: ``roster.timeline.leaving_views``."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from foundation.access import may
from foundation.accounts.models import User
from roster.establishment import actions
from roster.establishment.forms import JoinForm
from roster.establishment.models import Person
from roster.establishment.views import me


@may("staff.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def staff_add(request: HttpRequest) -> HttpResponse:
    """One person with all that planning needs of them; more is added on their page."""
    form = JoinForm(request.POST if request.method == "POST" else None, user=request.user)
    if form.is_bound and form.is_valid():
        try:
            made = _save(form, me(request))
        except actions.Clash as clash:
            form.add_error("user_name", str(clash))
        except actions.Stale:
            form.add_error(
                "user_name", "Somebody else has changed this person's record meanwhile. Look whether they are back"
            )
        else:
            messages.success(request, f"{made.name} {'is back' if form.back else 'has been added'}.")
            return redirect("person", made.pk)
    return render(request, "establishment/staff_add.html", {"form": form}, status=400 if form.is_bound else 200)


def _save(form: JoinForm, by: User) -> Person:
    given = form.cleaned_data
    what = form.details(), given["since"], form.held(), given["skills"]
    if form.back:
        return actions.come_back(form.back, *what, by=by, version=form.back.version)
    return actions.add(*what, by=by)
