"""One person's day: what they do, how it came to be so, and what can be changed about it now."""

from collections.abc import Container
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation.access import may
from roster.absence.models import Sickness, handled
from roster.activities.queries import ABSENT, Confidential
from roster.day import correcting, moves
from roster.day.belonging import closed
from roster.day.forms import CallOutForm, DeviationForm, MoveForm
from roster.day.judging import Balance, days_of, seen
from roster.day.models import Correction, Deviation, Move
from roster.day.sheet_views import frame, me, place_of
from roster.establishment.models import Establishment, Person
from roster.rules.actions import Refused as RuleRefused
from roster.rules.check import Finding
from roster.timeline.changes import names
from roster.timeline.days import EMPTY, Catalogue
from roster.timeline.models import CORRECTIONS, Change, Duty, Level
from roster.timeline.refusals import Refused, Stale


def person_of_day(place: Establishment, day: date, person_id: int) -> Person:
    """Somebody who belongs to the establishment on that day, or has a duty there."""
    member = Person.objects.filter(
        memberships__unit__establishment=place, memberships__valid__contains=day, pk=person_id
    ).distinct()
    there = Duty.objects.between(day, day).filter(person=person_id, unit__establishment=place).values("person")
    found: Person = get_object_or_404(member.union(Person.objects.filter(pk__in=there)))
    return found


@dataclass(frozen=True)
class Shown:
    """A day in words for whoever may look: why somebody is away only where it is theirs to know."""

    words: str
    version: int


def shown(person: Person, day: date, level: int, catalogue: Catalogue, causes: bool) -> Shown | None:
    found = seen(person, day, level)
    if not found.day:
        return None
    known = catalogue if causes else catalogue.veiled()
    return Shown(known.words(found.day), found.version)


@may("day.see")
@require_GET
def person(request: HttpRequest, place: str, day: date, person_id: int) -> HttpResponse:
    found = place_of(request, place)
    who = person_of_day(found, day, person_id)
    catalogue = Catalogue()
    hidden = _hidden(request, who.pk)
    causes = handled(request.user).filter(pk=who.pk).exists()
    levels = [(Level(level), shown(who, day, level, catalogue, causes)) for level in
              (Level.PLAN, Level.ACTUAL, Level.OVERTIME, Level.ON_CALL, *CORRECTIONS.values())]  # fmt: skip
    spell = Sickness.objects.visible_to(request.user).filter(person=who).on(day).first() if causes else None
    changes = Change.objects.filter(person=who, shift_date=day).select_related("by", "acknowledgement").order_by("-pk")
    context = frame(request, found, day) | {
        "person": who, "levels": [(level.label, one) for level, one in levels if one], "spell": spell,
        "history": [_told(row, hidden) for row in changes],
        "moves": Move.objects.filter(person=who, day=day).select_related("post", "case", "by"),
        "deviations": Deviation.objects.filter(person=who, day=day).select_related("by"),
        "works": moves.works(who, day) or _came_not(who, day), "may_handle": causes,
        "own": who.user_id == request.user.pk, "closed": closed(who, day),
        "may_correct": correcting.may(request.user, "correction.ask", found, who),
        "corrections": Correction.objects.filter(person=who, day=day).select_related("asked_by", "decided_by"),
    }  # fmt: skip
    return render(request, "day/person.html", context)


def _came_not(person: Person, day: date) -> bool:
    """There is a shift, and an empty actual day over it: that can be put right."""
    plan = seen(person, day, Level.PLAN).day
    return bool(plan.shifts) and plan.status is None


def _hidden(request: HttpRequest, person_id: int) -> Container[str]:
    """What the reader does not learn of this person by name: nothing, for those who handle their absences."""
    return () if handled(request.user).filter(pk=person_id).exists() else Confidential()


def _told(row: Change, hidden: Container[str]) -> tuple[Change, str, str, str]:
    """A change with what was, what is and why, as far as the reader may know."""
    secret = any(name in hidden for name in (*names(row.before), *names(row.after)))
    return row, _said(row.before, hidden), _said(row.after, hidden), "" if secret else row.reason


def _said(state: dict[str, Any], hidden: Container[str]) -> str:
    """A day of the change log in words, as in the officer's diary."""
    parts = []
    for each in state.get("duties", []):
        name = ABSENT if each["name"] in hidden else each["name"]
        times = "" if each["start"] is None else f" {_clock(each['start'])} to {_clock(each['end'])}"
        posts = {item.get("post", "") for item in each["items"]} | {each["post"]}
        where = ", ".join(sorted(posts - {""}))
        parts.append(f"{name}{times}{' at ' + where if where else ''}")
    return "; ".join(parts) or "Nothing"


def _clock(seconds: int) -> str:
    return f"{seconds // 3600 % 24:02d}:{seconds // 60 % 60:02d}"


@dataclass
class Answer:
    """What came of a posted form: a sentence, and rules with who could permit them."""

    done: bool = False
    findings: tuple[Finding, ...] = ()
    stale: str = ""


def attempt(request: HttpRequest, form: Any, place: Establishment, day: date, words: str, do: Any) -> Answer:
    """Do it and say what it changes for demand; refused: the reasons stand at the form (without one, above the next
    page), nothing was changed.
    """

    def refuse(words: str) -> None:
        if form is None:
            messages.warning(request, words)
        else:
            form.add_error(None, words)

    try:
        with transaction.atomic(), Balance(place, day) as balance:
            done = do()
    except moves.Broken as broken:
        refuse("A rule that blocks would be broken. Nothing was changed.")
        return Answer(findings=broken.findings)
    except Stale as stale:
        differs = stale.cells[0]
        now = _said(differs.now, _hidden(request, differs.person_id))
        refuse(f"{stale} It is now: {now}. Nothing was changed; look at it and send again.")
        return Answer(stale=str(differs.version))
    except (Refused, RuleRefused) as refused:
        refuse(str(refused))
        return Answer()
    warned = [each.sentence for each in getattr(done, "warnings", ())]
    owed = ["The rest that is missing is owed from now on."] if getattr(done, "owed", False) else []
    messages.success(request, " ".join([words, *balance.sentences, *owed]))
    if warned:
        messages.warning(request, f"To bear in mind: {'; '.join(warned)}.")
    return Answer(done=True)


@may("day.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, place: str, day: date, person_id: int) -> HttpResponse:
    found = place_of(request, place, "day.edit")
    who = person_of_day(found, day, person_id)
    first, last = _frame_of(who, day)
    given = {"start": _clock(first), "end": _clock(last)} if last else {}
    form = MoveForm(request.POST or None, initial=given, place=found)
    answer = Answer()
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        start, end = said["start"], said["end"]
        if first > start and last > 86400 and start + 86400 < last:
            start, end = start + 86400, end + 86400  # after midnight of a night
        answer = attempt(
            request, form, found, day, f"{who.name} has been moved.",
            lambda: moves.move(
                found, who, day, start, end, by=me(request), reason=said["reason"], permit_because=said["permit"],
                leaves_protected=said["leaves_protected"], version=_version(request), **form.target(found),
            ),
        )  # fmt: skip
        if answer.done:
            return redirect("day_person", found.code, day, who.pk)
    level = Level.ACTUAL if seen(who, day, Level.ACTUAL).version else Level.PLAN
    return _form(
        request,
        form,
        answer,
        found,
        day,
        who,
        "Move to another post, unit or case",
        "Move",
        seen(who, day, level).version,
    )


@may("day.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def deviate(request: HttpRequest, place: str, day: date, person_id: int) -> HttpResponse:
    """Came late, left early, stayed on, did not come; or none of it after all."""
    found = place_of(request, place, "day.edit")
    who = person_of_day(found, day, person_id)
    form = DeviationForm(request.POST or None)
    answer = Answer()
    if form.is_bound and form.is_valid():
        said = form.cleaned_data

        def do() -> Any:
            if said["kind"] == "planned":
                return moves.as_planned(found, who, day, by=me(request), reason=said["reason"])
            return moves.deviate(
                found, who, day, said["kind"], said["at"], by=me(request), decision=said["decision"],
                reason=said["reason"],
            )  # fmt: skip

        answer = attempt(request, form, found, day, "The actual day has been recorded.", do)
        if answer.done:
            return redirect("day_person", found.code, day, who.pk)
    return _form(request, form, answer, found, day, who, "How the day really went", "Record", 0)


@may("day.edit")
@require_POST
def decide(request: HttpRequest, place: str, day: date, person_id: int, deviation_id: int) -> HttpResponse:
    """What minutes that were left to be decided are: time off in lieu, overtime, nothing."""
    found = place_of(request, place, "day.edit")
    row = get_object_or_404(Deviation.objects.of(found, day).filter(person=person_id), pk=deviation_id)
    try:
        moves.decide(row, request.POST.get("decision", "-"), by=me(request))
    except Refused as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, "The decision is recorded.")
    return redirect("day_person", found.code, day, person_id)


@may("day.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def call_out(request: HttpRequest, place: str, day: date, person_id: int) -> HttpResponse:
    """Somebody on call has come in: actual hours, and what they do to the next shift's rest."""
    found = place_of(request, place, "day.edit")
    who = person_of_day(found, day, person_id)
    form = CallOutForm(request.POST or None)
    answer = Answer()
    if form.is_bound and form.is_valid():
        said = form.cleaned_data

        def do() -> Any:
            _, verdict = moves.call_out(
                found, who, said["start"], said["end"], said["activity"], by=me(request), reason=said["reason"]
            )
            return moves.Done(verdict.findings)

        answer = attempt(request, form, found, day, "The call-out has been recorded.", do)
        if answer.done:
            return redirect("day_person", found.code, day, who.pk)
    return _form(request, form, answer, found, day, who, "Called out", "Record", 0)


def _form(
    request: HttpRequest, form: Any, answer: Answer, place: Establishment, day: date, who: Person, heading: str,
    button: str, version: int,
) -> HttpResponse:  # fmt: skip
    context = frame(request, place, day) | {
        "form": form, "heading": heading, "button": button, "about": who.name, "person": who,
        "findings": answer.findings, "version": answer.stale or version,
    }  # fmt: skip
    return render(request, "day/change.html", context, status=400 if form.is_bound else 200)


def _version(request: HttpRequest) -> int | None:
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else None


def _frame_of(who: Person, day: date) -> tuple[int, int]:
    """Start and end of the day's shift in seconds; 0 and 0 without one."""
    catalogue = Catalogue()
    contents = [catalogue.content(piece) for piece in days_of(who, day, day).get(day, EMPTY).shifts]
    if not contents:
        return 0, 0
    return min(c.start or 0 for c in contents), max(c.end or 0 for c in contents)
