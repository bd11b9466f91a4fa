"""The public page for feedback, open without signing in."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from foundation.access import public
from foundation.accounts import limits
from reporting.home.feedback.forms import PublicFeedbackForm
from reporting.home.feedback.models import PublicFeedback
from reporting.submissions.forms import SCORES

AN_HOUR = 3600
TIMES = 20
"""So often one network may send feedback in an hour."""


@public
@require_http_methods(["GET", "POST"])
def feedback(request: HttpRequest) -> HttpResponse:
    form = PublicFeedbackForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if limits.limit(f"feedback:{limits.source(request)}", TIMES, AN_HOUR):
            keep(form)
            return redirect("feedback_sent")
        messages.warning(request, "Too much feedback has come from your network. Try again in an hour.")
    context = {"form": form, "typed": request.POST, "scores": SCORES, "kinds": PublicFeedback.About.choices}
    return render(request, "home/feedback.html", context)


def keep(form: PublicFeedbackForm) -> PublicFeedback:
    given = {name: form.cleaned_data[name] or "" for name in ("about", "page", "comments", "name", "email", "phone")}
    score = form.cleaned_data["score"]
    return PublicFeedback.objects.create(score=int(score) if score else None, **given)


@public
@require_GET
def feedback_sent(request: HttpRequest) -> HttpResponse:
    return render(request, "home/feedback_sent.html")
