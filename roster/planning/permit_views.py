"""Letting a breach of a draft pass before it is published (R-065): from its cell or the publish page, and back."""

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from foundation.access import may
from roster.hours.actions import permit as let_pass
from roster.hours.forms import PermitForm
from roster.planning.models import Draft
from roster.planning.sheet import Sheet, members
from roster.planning.views import draft_of
from roster.rules.actions import Refused
from roster.rules.check import Checker, Finding


@may("rules.see")
@require_http_methods(["GET", "HEAD", "POST"])
def permit(request: HttpRequest, period_id: int, person_id: int, day: date, rule: str) -> HttpResponse:
    """Who may is asked by the action: it depends on the rule. ``?to=publish`` leads back to the publish page."""
    draft = draft_of(request, period_id)
    person = get_object_or_404(members(draft.period), pk=person_id)
    finding = next((each for each in _broken(draft, person_id, day) if each.rule == rule and each.blocks), None)
    if finding is None:
        raise Http404
    form = PermitForm(request.POST or None)
    back = _back(request, draft, person_id, day)
    if form.is_bound and form.is_valid():
        try:
            let_pass(finding, reason=form.cleaned_data["reason"], by=request.user)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "The breach has been permitted.")
            return redirect(back)
    context = {
        "form": form, "heading": "Permit a breach", "button": "Permit", "about": person.name, "finding": finding,
        "back": back,
    }  # fmt: skip
    return render(request, "hours/permit.html", context, status=400 if form.is_bound else 200)


def _broken(draft: Draft, person_id: int, day: date) -> list[Finding]:
    period = draft.period
    if not period.holds_on(day):
        raise Http404
    checker = Checker([person_id], period.first, period.last)
    return checker.check_edit(person_id, Sheet(draft, [person_id]).line(person_id), day)


def _back(request: HttpRequest, draft: Draft, person_id: int, day: date) -> str:
    if request.GET.get("to") == "publish":
        return reverse("plan_publish", args=[draft.period_id])
    cell = reverse("plan_cell", args=[draft.period_id, person_id, day])
    return cell if draft.kind == Draft.Kind.WORKING else f"{cell}?draft={draft.pk}"
