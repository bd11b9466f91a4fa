"""Where staff arrive after sign-in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from foundation.access import may
from reporting.casework.submissions import queries


@may("submission.see")
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Where staff arrive after sign-in."""
    return render(request, "casework/home.html", {"troubles": queries.troubles()})
