"""Pages of rota patterns: list, one pattern, a version with its figures and comments, the designer, decisions."""

from collections.abc import Callable
from typing import Any

from django import forms as django_forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation import clock
from foundation.access import may
from foundation.web.numbers import number
from roster.activities.wall import hours
from roster.establishment.roles import establishments_for, reaches
from roster.patterns import actions, against, queries, table
from roster.patterns.actions import Refused, Stale
from roster.patterns.forms import (
    ApproveForm,
    CommentForm,
    LikeForm,
    NewPatternForm,
    PasteForm,
    RetireForm,
    named,
    versions_to_copy,
)
from roster.patterns.models import MOST_LINES, NAMES, Pattern, PatternVersion
from roster.patterns.table import Fault, Known, Rows


def find_pattern(request: HttpRequest, pattern_id: int, verb: str) -> Pattern:
    rows = Pattern.objects.visible_to(request.user, verb).select_related("establishment")
    return get_object_or_404(rows, pk=pattern_id)


def find_version(request: HttpRequest, version_id: int, verb: str) -> PatternVersion:
    rows = PatternVersion.objects.filter(pattern__in=Pattern.objects.visible_to(request.user, verb))
    return get_object_or_404(rows.select_related("pattern__establishment", "approved_by"), pk=version_id)


def seen(request: HttpRequest) -> int:
    return number(request.POST.get("version", ""))


def shown(request: HttpRequest, pattern: Pattern, rows: Rows, known: Known | None = None) -> dict[str, Any]:
    """What a table of lines and its figures need on a page. The request may name the unit to compare with."""
    sheet = queries.sheet(pattern, rows)
    units = against.units(pattern)
    asked = request.POST.get("unit") or request.GET.get("unit")
    unit = next((each for each in units if str(each.pk) == asked), units[0] if units else None)
    return {
        "rows": rows,
        "known": known or queries.known(pattern.establishment, rows),
        "sheet": sheet,
        "breaches": queries.breaches(pattern, rows),
        "units": units,
        "against": against.against(pattern, sheet, unit) if unit else None,
        "tolerance": queries.tolerance(),
        "hours": hours,
        "weekdays": NAMES,
        "value": table.value,
    }


@may("pattern.see")
@require_GET
def patterns(request: HttpRequest) -> HttpResponse:
    context = {
        "patterns": queries.patterns(request.user),
        "may_add": establishments_for(request.user, "pattern.edit").exists(),
        "hours": hours,
    }
    return render(request, "patterns/patterns.html", context)


@may("pattern.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def pattern_add(request: HttpRequest) -> HttpResponse:
    form = NewPatternForm(request.POST if request.method == "POST" else None)
    places: Any = form.fields["establishment"]
    places.queryset = establishments_for(request.user, "pattern.edit").filter(closed_on=None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = actions.create(given["establishment"], given["name"], given["weekly_minutes"], by=request.user)
        except Refused as refused:
            form.add_error(refused.field, str(refused))
        else:
            return redirect("pattern_edit", made.pk)
    return render(request, "patterns/add.html", {"form": form}, status=400 if form.is_bound else 200)


@may("pattern.see")
@require_GET
def pattern(request: HttpRequest, pattern_id: int) -> HttpResponse:
    """One pattern: its versions, and who follows it."""
    found = find_pattern(request, pattern_id, "pattern.see")
    today = clock.today()
    versions = list(found.versions.order_by("-pk"))
    current = next((each for each in versions if each.holds_on(today)), None)
    context = {
        "pattern": found,
        "versions": [(each, each.stage(today)) for each in versions],
        "current": current,
        "open": next((each for each in versions if each.valid is None), None),
        "followers": queries.followers(found, current),
        "may_edit": reaches(request.user, "pattern.edit", found.establishment),
        "hours": hours,
    }
    return render(request, "patterns/pattern.html", context)


@may("pattern.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def pattern_draft(request: HttpRequest, pattern_id: int) -> HttpResponse:
    """Begin to change a pattern: a draft with the lines of a version of this or another pattern."""
    found = find_pattern(request, pattern_id, "pattern.edit")
    form = LikeForm(request.POST if request.method == "POST" else None)
    like: Any = form.fields["like"]
    like.queryset = versions_to_copy(found, Pattern.objects.visible_to(request.user))
    like.label_from_instance = named
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.draft(found, by=request.user, like=form.cleaned_data["like"])
        except Refused as refused:
            form.add_error("like", str(refused))
        else:
            return redirect("pattern_edit", made.pk)
    context = {"form": form, "pattern": found}
    return render(request, "patterns/draft.html", context, status=400 if form.is_bound else 200)


@may("pattern.see")
@require_http_methods(["GET", "HEAD", "POST"])
def pattern_version(request: HttpRequest, version_id: int) -> HttpResponse:
    """A version to read; in consultation, everybody who may see it may comment."""
    found = find_version(request, version_id, "pattern.see")
    form = CommentForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.comment(found, **form.cleaned_data, by=request.user)
        except Refused as refused:
            form.add_error(refused.field, str(refused))
        else:
            messages.success(request, "Your comment has been added.")
            return redirect("pattern_version", found.pk)
    place = found.pattern.establishment
    until = found.consulted_until
    context = shown(request, found.pattern, actions.rows_of(found)) | {
        "version": found,
        "stage": found.stage(clock.today()),
        "consulted_until": until,
        "consulted": until is not None and until < clock.today(),
        "comments": found.comments.select_related("by"),
        "form": form,
        "may_edit": reaches(request.user, "pattern.edit", place),
        "may_approve": reaches(request.user, "pattern.approve", place),
    }
    return render(request, "patterns/version.html", context, status=400 if form.is_bound else 200)


# The designer


@may("pattern.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def pattern_edit(request: HttpRequest, version_id: int) -> HttpResponse:
    """The table of lines. Every button saves what stands in it; the figures follow."""
    found = find_version(request, version_id, "pattern.edit")
    if found.state != PatternVersion.State.DRAFT:
        return redirect("pattern_version", found.pk)
    stored: Rows = actions.rows_of(found)
    if request.method != "POST":
        return _designer(request, found, stored)
    known = queries.known(found.pattern.establishment, stored)
    rows, faults = table.typed(request.POST.dict(), known)
    if request.POST.get("do") == "one":
        rows, more = table.one_cell(rows, request.POST.dict(), known)
        faults += more
    if faults or not rows:
        return _designer(request, found, rows or stored, faults=faults, status=400)
    do = request.POST.get("do", "")
    try:
        actions.edit(found, table.operate(rows, do), by=request.user, seen=seen(request))
    except Stale as stale:
        return _stale(request, stale.stored, rows, known)
    except Refused as refused:
        messages.error(request, f"{refused}.")
        return redirect("pattern_version", found.pk)
    messages.success(request, "The lines have been saved.")
    if do == "finish":
        return redirect("pattern_version", found.pk)
    unit = number(request.POST.get("unit", ""))
    return redirect(reverse("pattern_edit", args=[found.pk]) + (f"?unit={unit}" if unit > 0 else ""))


def _stale(request: HttpRequest, stored: PatternVersion, rows: Rows, known: Known) -> HttpResponse:
    differences = table.differences(actions.rows_of(stored), rows, known)
    return _designer(request, stored, rows, differences=differences, status=409)


def _designer(
    request: HttpRequest, version: PatternVersion, rows: Rows, *, faults: list[Fault] | None = None,
    differences: list[dict[str, str]] | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    known_version = version.version if differences or request.method != "POST" else seen(request)
    context = shown(request, version.pattern, rows) | {
        "version": version,
        "number": known_version,
        "faults": {(each.line, each.weekday): each.text for each in faults or []},
        "errors": [{"text": each.text, "href": each.href} for each in faults or []],
        "differences": differences or [],
        "most": MOST_LINES,
    }
    return render(request, "patterns/edit.html", context, status=status)


@may("pattern.edit")
@require_POST
def pattern_figures(request: HttpRequest, version_id: int) -> HttpResponse:
    """What the table adds up to as it is typed; nothing is saved."""
    found = find_version(request, version_id, "pattern.edit")
    known = queries.known(found.pattern.establishment, actions.rows_of(found))
    rows, _ = table.typed(request.POST.dict(), known)
    context = shown(request, found.pattern, rows or [[None] * 7], known)
    return render(request, "patterns/figures.html", context)


@may("pattern.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def pattern_paste(request: HttpRequest, version_id: int) -> HttpResponse:
    """Lines from a spreadsheet: looked at first, then put in place of those of the draft."""
    found = find_version(request, version_id, "pattern.edit")
    if found.state != PatternVersion.State.DRAFT:
        return redirect("pattern_version", found.pk)
    form = PasteForm(request.POST if request.method == "POST" else None)
    known = queries.known(found.pattern.establishment, [])
    context: dict[str, Any] = {
        "version": found, "form": form, "number": found.version, "pasted": False, "known": known,
    }  # fmt: skip
    if request.method == "POST" and form.is_valid():
        rows, faults = table.pasted(form.cleaned_data["text"], known)
        for fault in faults:
            form.add_error("text", fault.text)
        context |= {"pasted": bool(rows), "number": seen(request)}
        context |= shown(request, found.pattern, rows or [[None] * 7], known)
        context["faults"] = {(each.line, each.weekday): each.text for each in faults}
        if not faults and request.POST.get("do") == "save":
            try:
                actions.edit(found, rows, by=request.user, seen=seen(request))
            except Stale as stale:
                return _stale(request, stale.stored, rows, known)
            except Refused as refused:
                messages.error(request, f"{refused}.")
                return redirect("pattern_version", found.pk)
            messages.success(request, "The lines have been saved.")
            return redirect("pattern_edit", found.pk)
    return render(request, "patterns/paste.html", context, status=400 if form.is_bound and form.errors else 200)


# Decisions: a page that says what will happen, and a POST with the version of what was seen


def _decide(
    request: HttpRequest, version: PatternVersion, do: Callable[..., None], words: dict[str, str],
    form_class: type[django_forms.Form] = django_forms.Form,
) -> HttpResponse:  # fmt: skip
    form = form_class(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            do(version, **form.cleaned_data, by=request.user, seen=seen(request))
        except Stale:
            messages.error(request, "Nothing was done: somebody changed this meanwhile. Look at it now.")
            return redirect("pattern_version", version.pk)
        except Refused as refused:
            form.add_error(refused.field, str(refused))
        else:
            messages.success(request, words["done"])
            return redirect("pattern_version", version.pk)
    context = {"version": version, "form": form, "words": words}
    return render(request, "patterns/decide.html", context, status=400 if form.is_bound else 200)


@may("pattern.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def pattern_consult(request: HttpRequest, version_id: int) -> HttpResponse:
    words = {
        "heading": "Put this pattern into consultation?",
        "text": f"For {settings.PATTERN_CONSULTATION_DAYS} days everybody who may see patterns can comment on it. "
        "It cannot be changed meanwhile; take it back if it must be.",
        "button": "Start the consultation",
        "done": "The consultation has started.",
    }
    return _decide(request, find_version(request, version_id, "pattern.edit"), actions.consult, words)


@may("pattern.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def pattern_take_back(request: HttpRequest, version_id: int) -> HttpResponse:
    words = {
        "heading": "Take this pattern back from consultation?",
        "text": "It becomes a draft that can be changed. Comments stay. A new consultation starts from its first day.",
        "button": "Take it back",
        "done": "The pattern is a draft again.",
    }
    return _decide(request, find_version(request, version_id, "pattern.edit"), actions.take_back, words)


@may("pattern.approve")
@require_http_methods(["GET", "HEAD", "POST"])
def pattern_approve(request: HttpRequest, version_id: int) -> HttpResponse:
    words = {
        "heading": "Approve this pattern?",
        "text": "From its first day it takes the place of the version before. Days that were inserted already stay.",
        "button": "Approve",
        "done": "The pattern has been approved.",
    }
    return _decide(request, find_version(request, version_id, "pattern.approve"), actions.approve, words, ApproveForm)


@may("pattern.approve")
@require_http_methods(["GET", "HEAD", "POST"])
def pattern_retire(request: HttpRequest, version_id: int) -> HttpResponse:
    words = {
        "heading": "Retire this pattern?",
        "text": "After its last day it gives those who follow it no shifts. Days that were inserted already stay.",
        "button": "Retire",
        "done": "The pattern will be retired.",
    }
    return _decide(request, find_version(request, version_id, "pattern.approve"), actions.retire, words, RetireForm)
