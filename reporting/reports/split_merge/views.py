"""What became of a report whose court orders changed kind, and which of two answers to keep."""

import hashlib
import json
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from foundation.access import can, may
from reporting.reports import queries
from reporting.reports.split_merge import actions
from reporting.reports.split_merge.notices import Question, leftovers, notices, questions

STALE = "Somebody has chosen meanwhile, or an answer has changed since you opened this page. Look at them again."


@may("report.see")
@require_http_methods(["GET", "POST"])
def report_changes(request: HttpRequest, report_id: int) -> HttpResponse:
    """What happened, and the answers to choose between."""
    report = queries.open_report(request.user, report_id)
    asked = questions(report)
    found = notices(report, request.user)
    if not found:
        raise Http404("nothing happened to it")
    error = ""
    if request.method == "POST":
        if not can(request.user, "report.fill"):
            raise Http404("only to look at")
        chosen = {question.conflict.pk: choice for question in asked if (choice := _chosen(request, question))}
        if not chosen:
            error = "Select which answer to keep"
        elif any(request.POST.get(f"{each.name}-seen") != digest(each) for each in asked if each.conflict.pk in chosen):
            error = STALE
        else:
            error = _settle(request, report, asked, chosen)
            if not error:
                return redirect("report_changes" if len(chosen) < len(asked) else "report_overview", report.pk)
    context = {
        "report": report,
        "notices": found,
        "questions": questions(report) if error == STALE else asked,
        "leftovers": leftovers(report, request.user),
        "error": error,
        "digest": digest,
        "chosen": request.POST,
    }
    return render(request, "reports/changes.html", context, status=409 if error == STALE else 200)


def _chosen(request: HttpRequest, question: Question) -> str:
    value = request.POST.get(question.name, "")
    return value if value in {each.choice for each in question.alternatives} else ""


def digest(question: Question) -> str:
    """What the page showed as stored: somebody else may change it before it is sent."""
    return hashlib.sha256(json.dumps(question.seen, sort_keys=True).encode()).hexdigest()[:16]


def _settle(request: HttpRequest, report: Any, asked: list[Question], chosen: dict[int, str]) -> str:
    choices = {each.conflict.pk: (chosen[each.conflict.pk], each.seen) for each in asked if each.conflict.pk in chosen}
    try:
        actions.settle(report, choices, by=request.user)
    except actions.Settled:
        return STALE
    except actions.LeftAlone:
        raise Http404("submitted") from None
    messages.success(request, "The answers you chose have been kept.")
    return ""
