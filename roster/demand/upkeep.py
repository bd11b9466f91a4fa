"""Keeping demand up: what is asked for from when to when, posts, and special regime days (staff-roster 7.1)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from foundation import clock
from foundation.access import may
from roster.demand import actions
from roster.demand.actions import Refused, Stale
from roster.demand.coverage import clock_of
from roster.demand.forms import LastDayForm, PostForm, SpecialDayForm
from roster.demand.models import DayType, Post, Requirement, SpecialDay
from roster.demand.views import Where, _number, at, me
from roster.establishment.roles import establishments_for, reaches

MINE = "demand.edit"


def _form(request: HttpRequest, found: Where, form: forms.Form, back: str, **context: Any) -> HttpResponse:
    usual = {"about": found.name, "where": found, "back": back, "version": None, "differences": [], "post": None}
    given = usual | context | {"form": form}
    return render(request, "demand/form.html", given, status=400 if form.is_bound else 200)


@may("demand.see")
@require_GET
def asked(request: HttpRequest) -> HttpResponse:
    """Every requirement of a place, those to come and those that have ended too."""
    found = at(request)
    today = clock.today()
    rows = Requirement.objects.of(found.place, found.unit).select_related("post", "skill", "activity")
    listed = sorted(rows, key=lambda row: (row.last_day is not None and row.last_day < today, row.start, row.name))
    context = {
        "where": found, "units": found.place.units.filter(closed_on=None), "today": today,
        "rows": [(row, f"{clock_of(row.start)} to {clock_of(row.end)}", days(row), who(row)) for row in listed],
        "may_edit": reaches(request.user, MINE, found.place),
    }  # fmt: skip
    return render(request, "demand/asked.html", context)


WEEK = [DayType.WEEKDAY, DayType.FRIDAY]
WEEKEND = [DayType.SATURDAY, DayType.SUNDAY]
TOGETHER = [([*WEEK, *WEEKEND], "Monday to Sunday"), (WEEK, "Monday to Friday"), (WEEKEND, "Saturday and Sunday")]
"""How types of days are called that stand together, the most first."""


def days(row: Requirement) -> str:
    left, found = [kind for kind in DayType if kind in row.day_types], {}
    for together, name in TOGETHER:
        if set(together) <= set(left):
            found[together[0]] = name
            left = [kind for kind in left if kind not in together]
    found |= {kind: str(kind.label) for kind in left}
    return ", ".join(found[kind] for kind in DayType if kind in found)


def who(row: Requirement) -> str:
    """Who counts, in words."""
    low, high = row.lowest_band, row.highest_band
    bands = f"bands {low} to {high}" if low and high else f"band {low} and above" if low else f"up to band {high}"
    named = [each.name for each in (row.post, row.activity, row.skill) if each]
    facts = [*named, row.skill_level, bands if low or high else "", "beside other posts" if row.alongside else ""]
    return ", ".join(each for each in facts if each) or "Everybody on duty"


@may("demand.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def requirement_end(request: HttpRequest, requirement_id: int) -> HttpResponse:
    rows = Requirement.objects.filter(establishment__in=establishments_for(request.user, MINE))
    row = get_object_or_404(rows.select_related("establishment", "unit"), pk=requirement_id)
    found = Where(row.establishment, row.unit)
    back = f"{reverse('demand_asked')}?{found.query}"
    form = LastDayForm(request.POST or None, initial={"last": clock.today()})
    if form.is_bound and form.is_valid():
        try:
            actions.end_requirement(row, **form.cleaned_data, by=me(request), version=_version(request))
        except Refused as refused:
            form.add_error("last", str(refused))
        else:
            messages.success(request, f"“{row.name}” ends on that day.")
            return redirect(back)
    version = row.version if not form.is_bound else _version(request)
    return _form(request, found, form, back, heading=f"End “{row.name}”", button="End it", version=version)


def _version(request: HttpRequest) -> int:
    text = request.POST.get("version", "")
    return _number(text) if text else -1


@may("demand.see")
@require_GET
def posts(request: HttpRequest) -> HttpResponse:
    """The posts of an establishment and of its units."""
    found = at(request)
    rows = Post.objects.filter(establishment=found.place).select_related("unit", "activity").prefetch_related("skills")
    today = clock.today()
    context = {
        "where": Where(found.place, None),
        "open": [row for row in rows if row.closed_on is None or row.closed_on > today],
        "closed": [row for row in rows if row.closed_on is not None and row.closed_on <= today],
        "may_edit": reaches(request.user, MINE, found.place),
    }
    return render(request, "demand/posts.html", context)


@may("demand.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def post(request: HttpRequest, post_id: int = 0) -> HttpResponse:
    """Add a post, or change one."""
    row = None
    if post_id:
        row = get_object_or_404(_mine(request), pk=post_id)
    found = Where(row.establishment, None) if row else at(request, MINE)
    back = f"{reverse('posts')}?place={found.place.pk}"
    names = ("name", "code", "unit", "activity")
    initial = {name: getattr(row, name) for name in names} | {"skills": list(row.skills.all())} if row else {}
    form = PostForm(request.POST or None, initial=initial, place=found.place)
    both: list[dict[str, str]] = []
    if form.is_bound and form.is_valid():
        try:
            if row is None:
                actions.add_post(found.place, by=me(request), **form.cleaned_data)
            else:
                actions.change_post(row, version=_version(request), by=me(request), **form.cleaned_data)
        except Stale as stale:
            row, given = stale.stored, form.cleaned_data
            both = [
                {"label": str(form.fields[name].label), "stored": str(now or ""), "sent": str(given[name] or "")}
                for name in names
                if (now := getattr(row, name)) != given[name]
            ]
        except Refused as refused:
            form.add_error(refused.field, str(refused))
        else:
            messages.success(request, "The post has been saved.")
            return redirect(back)
    version = None if row is None else row.version if both or not form.is_bound else _version(request)
    heading = "Change a post" if row else "Add a post"
    shown = {"version": version, "differences": both, "post": row}
    return _form(request, found, form, back, heading=heading, button="Save", **shown)


def _mine(request: HttpRequest) -> Any:
    rows = Post.objects.filter(establishment__in=establishments_for(request.user, MINE))
    return rows.select_related("establishment", "unit", "activity")


@may("demand.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def post_close(request: HttpRequest, post_id: int) -> HttpResponse:
    row = get_object_or_404(_mine(request), pk=post_id)
    found = Where(row.establishment, None)
    back = f"{reverse('posts')}?place={found.place.pk}"
    form = LastDayForm(request.POST or None, initial={"last": clock.today()})
    if form.is_bound and form.is_valid():
        try:
            actions.close_post(row, **form.cleaned_data, by=me(request), version=_version(request))
        except Refused as refused:
            form.add_error("last", str(refused))
        else:
            messages.success(request, f"{row.name} closes after that day.")
            return redirect(back)
    version = row.version if not form.is_bound else _version(request)
    return _form(request, found, form, back, heading=f"Close {row.name}", button="Close the post", version=version)


@may("demand.see")
@require_http_methods(["GET", "HEAD", "POST"])
def special_days(request: HttpRequest) -> HttpResponse:
    """Days on which another regime is run; who may edit demand marks them."""
    found = at(request, MINE if request.method == "POST" else "demand.see")
    form = SpecialDayForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            row = actions.mark_special(found.place, **form.cleaned_data, by=me(request))
        except Refused as refused:
            form.add_error(refused.field, str(refused))
        else:
            messages.success(request, f"{row.day:%-d %B %Y} is a special regime day.")
            return redirect(f"{reverse('special_days')}?place={found.place.pk}")
    rows = SpecialDay.objects.filter(establishment=found.place)
    context = {
        "where": Where(found.place, None), "form": form, "today": clock.today(),
        "rows": rows.filter(day__gte=clock.today()),
        "past": rows.filter(day__lt=clock.today()).order_by("-day")[:20],
        "any_demand": Requirement.objects.filter(establishment=found.place, day_types__contains=["special"]).exists(),
        "may_edit": reaches(request.user, MINE, found.place),
    }  # fmt: skip
    return render(request, "demand/special_days.html", context, status=400 if form.is_bound else 200)


@may("demand.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def special_day_end(request: HttpRequest, special_id: int) -> HttpResponse:
    """Ask, then take the mark away."""
    rows = SpecialDay.objects.filter(establishment__in=establishments_for(request.user, MINE))
    row = get_object_or_404(rows.select_related("establishment"), pk=special_id)
    found = Where(row.establishment, None)
    back = f"{reverse('special_days')}?place={found.place.pk}"
    if request.method == "POST":
        try:
            actions.unmark_special(row, by=me(request))
            messages.success(request, f"{row.day:%-d %B %Y} is an ordinary day again.")
        except Refused as refused:
            messages.error(request, f"{refused}.")
        return redirect(back)
    heading = f"Make {row.day:%-d %B %Y} an ordinary day?"
    return _form(request, found, forms.Form(), back, heading=heading, button="Make it ordinary")
