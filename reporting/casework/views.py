"""Where staff arrive after sign-in, and the search from there."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from foundation.access import may
from reporting.casework import search as searching
from reporting.casework.checklists import queries as checklists
from reporting.casework.forms import WordsForm
from reporting.casework.submissions import queries as submissions


@may("submission.see")
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    context = {"troubles": submissions.troubles(), "checklist_troubles": checklists.troubles()}
    return render(request, "casework/home.html", context)


@may("client.search")
@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """Clients, users and organisations by the same words."""
    form = WordsForm(request.GET)
    text = form.cleaned_data["text"].strip() if form.is_valid() else ""
    context = {"form": form, "typed": request.GET, "text": text, "found": searching.search(request.user, text)}
    return render(request, "casework/search.html", context)
