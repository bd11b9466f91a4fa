"""Pages of the rule book: all rules in force in a place, one rule with its settings, what differs, the registers."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from foundation import clock
from foundation.access import can, may
from foundation.accounts.models import User
from roster.access import VERBS
from roster.establishment.models import Establishment
from roster.establishment.roles import establishments_for, held, reaches
from roster.rules import actions, words
from roster.rules.actions import Refused, Stale
from roster.rules.book import Scope, book, declared
from roster.rules.forms import AssessmentForm, EndForm, HazardForm, OptOutForm, SettingForm, WithdrawForm
from roster.rules.models import HazardPost, NightAssessment, OptOut, RuleException, RuleSetting


def me(request: HttpRequest) -> User:
    return cast(User, request.user)


def place_of(request: HttpRequest) -> Establishment | None:
    """The establishment whose book is shown; None: the region's. Another one's is not found."""
    places = establishments_for(request.user, "rules.see")
    wanted = request.GET.get("place", "")
    if wanted == "region":
        return None
    if wanted:
        return get_object_or_404(places, pk=wanted if wanted.isdecimal() and len(wanted) < 10 else 0)
    return places.first() if places.count() == 1 else None


def scope_for(user: Any, place: Establishment | None) -> Scope | None:
    """At which scope the user may set rules here; None: may only read."""
    if place is not None:
        return Scope.ESTABLISHMENT if reaches(user, "rules.edit", place) else None
    wide = {row.role for row in held(user) if row.establishment_id is None}
    if any("rules.national" in VERBS.get(role, ()) for role in wide):
        return Scope.NATIONAL
    return Scope.REGION if any("rules.edit" in VERBS.get(role, ()) for role in wide) else None


@may("rules.see")
@require_GET
def rules(request: HttpRequest) -> HttpResponse:
    place = place_of(request)
    today = clock.today()
    entries = sorted(book(place, today).entries, key=lambda entry: _order(entry.rule.code))
    coming = RuleSetting.objects.of(place).filter(valid__startswith__gt=today).order_by("valid")
    context = {
        "entries": entries, "place": place, "places": establishments_for(request.user, "rules.see"), "words": words,
        "coming": coming, "today": today, "declared": declared(), "scope": scope_for(request.user, place),
    }  # fmt: skip
    return render(request, "rules/rules.html", context)


def _order(code: str) -> tuple[int, int]:
    """W1 to W9, then L1 to L16, then the rest."""
    return ("WL".find(code[:1]) if code else 9, int(code[1:]) if code[1:].isdigit() else 0)


@may("rules.see")
@require_http_methods(["GET", "HEAD", "POST"])
def rule(request: HttpRequest, name: str) -> HttpResponse:
    """What one rule says, who set it so since when, and the form for those who may."""
    if name not in declared():
        raise Http404
    place = place_of(request)
    scope = scope_for(request.user, place)
    if request.method == "POST" and scope is None:
        raise PermissionDenied
    entry = book(place, clock.today()).entry(name)
    form = SettingForm(request.POST or None, entry=entry, scope=scope) if scope else None
    if form is not None and not form.asks:
        if request.method == "POST":
            raise PermissionDenied
        form = None
    now = actions.newest(name, scope, place) if scope else None
    context: dict[str, Any] = {
        "entry": entry, "place": place, "scope": scope, "words": words, "seen": now.pk if now else "",
        "history": RuleSetting.objects.of(place).filter(rule=name).select_related("author").order_by("-valid"),
        "at": place.pk if place else "region", "stored": None,
    }  # fmt: skip
    if form is not None:
        context["form"] = form
    if form is not None and form.is_bound and form.is_valid():
        try:
            actions.set_rule(
                name, form.chosen(), scope=cast(Scope, scope), establishment=place, start=form.cleaned_data["start"],
                reason=form.cleaned_data["reason"], permit=form.permit_chosen(), seen=_number(request, "seen"),
                by=me(request),
            )  # fmt: skip
        except Stale as stale:
            context |= {"stored": stale.stored, "seen": stale.stored.pk if stale.stored else ""}
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        else:
            messages.success(request, f"{words.title(entry.declared)} has been set.")
            return redirect(f"{reverse('rules')}?place={context['at']}")
    return render(request, "rules/rule.html", context, status=400 if form is not None and form.is_bound else 200)


def _number(request: HttpRequest, name: str) -> int | None:
    typed = request.POST.get(name, "")
    return int(typed) if typed.isdecimal() and len(typed) < 10 else None


@may("rules.see")
@require_GET
def drift(request: HttpRequest) -> HttpResponse:
    """Where region and establishments differ today from the national values."""
    today = clock.today()
    places: list[Establishment | None] = [None, *establishments_for(request.user, "rules.see")]
    own = set(RuleSetting.objects.on(today).exclude(establishment=None).values_list("establishment", flat=True))
    found = [
        (place, entry, [(words.label(name), words.value(a), words.value(b)) for name, (a, b) in entry.drift.items()])
        for place in places
        if place is None or place.pk in own
        for entry in book(place, today).entries
        if entry.drift
    ]
    return render(request, "rules/drift.html", {"found": found, "words": words, "today": today})


@may("rules.see")
@require_GET
def registers(request: HttpRequest) -> HttpResponse:
    """Opt-outs, night assessments with those that are due, declared hazards, exceptions that run."""
    today = clock.today()
    assessments = NightAssessment.objects.visible_to(request.user).select_related("person")
    newest: dict[int, NightAssessment] = {}
    for each in assessments.order_by("done_on"):
        newest[each.person_id] = each
    exceptions = RuleException.objects.visible_to(request.user).filter(valid__endswith__gt=today)
    context = {
        "today": today,
        "opt_outs": OptOut.objects.visible_to(request.user).select_related("person"),
        "assessments": sorted(newest.values(), key=lambda each: each.due_on),
        "hazards": HazardPost.objects.visible_to(request.user).select_related("post__establishment"),
        "exceptions": exceptions.select_related("person", "permitted_by").order_by("valid"),
        "may_edit": can(request.user, "rules.edit"),
        "titles": {name: words.title(rule) for name, rule in declared().items()},
    }
    return render(request, "rules/registers.html", context)


@dataclass(frozen=True)
class Register:
    """One register: the form that adds to it, the one that ends an entry, and what they do."""

    add_form: type[forms.Form]
    add: Callable[..., Any]
    model: Any = None
    end_form: type[forms.Form] = EndForm
    end: Callable[..., Any] | None = None
    end_heading: str = ""


REGISTERS = {
    "opt-out": Register(
        OptOutForm, actions.sign_opt_out, OptOut, WithdrawForm,
        lambda row, last, by: actions.withdraw_opt_out(row, on=last, by=by), "Give notice to end this opt-out",
    ),
    "night-assessment": Register(AssessmentForm, actions.record_assessment),
    "hazard": Register(
        HazardForm, actions.declare_hazard, HazardPost, EndForm,
        lambda row, last, by: actions.end_hazard(row, last=last, by=by), "End this declaration",
    ),
}  # fmt: skip


@may("rules.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def register_add(request: HttpRequest, kind: str) -> HttpResponse:
    register = REGISTERS.get(kind)
    if register is None:
        raise Http404
    form = register.add_form(request.POST or None, user=request.user)  # type: ignore[call-arg]
    heading = form.heading  # type: ignore[attr-defined]
    if form.is_bound and form.is_valid():
        try:
            register.add(**form.cleaned_data, by=me(request))
        except Refused as refused:
            form.add_error(refused.field, str(refused))
        else:
            messages.success(request, "The register has been saved.")
            return redirect("registers")
    context = {"form": form, "heading": heading, "button": "Save", "about": ""}
    return render(request, "rules/form.html", context, status=400 if form.is_bound else 200)


@may("rules.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def register_end(request: HttpRequest, kind: str, row_id: int) -> HttpResponse:
    register = REGISTERS.get(kind)
    if register is None or register.end is None:
        raise Http404
    row = get_object_or_404(register.model.objects.visible_to(request.user), pk=row_id)
    if not _may_end(request.user, row):
        raise PermissionDenied
    form = register.end_form(request.POST or None, initial={"last": clock.today().isoformat()})
    if form.is_bound and form.is_valid():
        try:
            register.end(row, form.cleaned_data["last"], me(request))
        except Refused as refused:
            form.add_error("last", str(refused))
        else:
            messages.success(request, "The register has been saved.")
            return redirect("registers")
    about = row.post.name if isinstance(row, HazardPost) else row.person.name
    context = {"form": form, "heading": register.end_heading, "button": "Save", "about": about}
    return render(request, "rules/form.html", context, status=400 if form.is_bound else 200)


def _may_end(user: Any, row: Any) -> bool:
    if isinstance(row, HazardPost):
        return reaches(user, "rules.edit", row.post.establishment)
    places = establishments_for(user, "rules.edit")
    today = row.person.memberships.filter(valid__contains=clock.today())
    return bool(today.filter(unit__establishment__in=places).exists())
