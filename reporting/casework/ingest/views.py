"""Runs of the nightly files: list, one run, its refused rows as a file, and starting one by hand."""

from typing import cast

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from foundation import audit, csv_cells
from foundation.access import can, may
from foundation.accounts.models import User
from foundation.web.paging import pagination
from reporting.casework.ingest import queries
from reporting.home import nightly_files
from reporting.home.nightly_files import FILES

COLUMNS = ("line", "case_number", "deputy_uid", "order_uid", "reason")


class FilterForm(forms.Form):
    file = forms.ChoiceField(
        required=False, choices=[("", "All"), *((key, file.title) for key, file in FILES.items())],
        error_messages={"invalid_choice": "Select which file"},
    )  # fmt: skip
    outcome = forms.ChoiceField(
        required=False, choices=[("", "All"), *((each.value, each.words) for each in queries.Outcome)],
        error_messages={"invalid_choice": "Select which outcome"},
    )  # fmt: skip


@may("ingest.see")
@require_GET
def ingest_runs(request: HttpRequest) -> HttpResponse:
    form = FilterForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {"file": "", "outcome": ""}
    found = queries.search(queries.visible_to(request.user), **wanted)
    page = Paginator(found, queries.PER_PAGE).get_page(request.GET.get("page"))
    query = {name: value for name, value in wanted.items() if value}
    context = {
        "form": form,
        "typed": request.GET,
        "runs": [queries.Seen(run) for run in page.object_list],
        "page": page,
        "pagination": pagination(page, reverse("ingest_runs"), query),
        "query": query,
        "present": queries.present(),
        "may_start": can(request.user, "ingest.start"),
    }
    return render(request, "casework/ingest/runs.html", context)


@may("ingest.see")
@require_GET
def ingest_run(request: HttpRequest, run_id: int) -> HttpResponse:
    seen = queries.Seen(get_object_or_404(queries.visible_to(request.user), pk=run_id))
    context = {"seen": seen, "run": seen.run, "same": seen.same_before(), "shown": queries.SHOWN}
    return render(request, "casework/ingest/run.html", context | {"trouble": nightly_files.trouble(seen.run)})


@may("ingest.see")
@require_GET
def ingest_refused(request: HttpRequest, run_id: int) -> HttpResponse:
    """Refused rows, and what somebody should look at, as a CSV file: identifiers and reasons only."""
    run = get_object_or_404(queries.visible_to(request.user), pk=run_id)
    rows = [tuple(str(row.get(name, "")) for name in COLUMNS) for row in run.refused]
    audit.record("INGEST_REFUSED_DOWNLOADED", by=request.user, subject=run, after={"rows": len(rows)})
    response = HttpResponse(csv_cells.to_csv([COLUMNS, *rows]), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="refused-rows-{run.file}-{run.pk}.csv"'
    response["Cache-Control"] = "private, no-store"
    return response


@may("ingest.start")
@require_http_methods(["GET", "POST"])
def ingest_start(request: HttpRequest, file: str) -> HttpResponse:
    """Asks, then has the file read by a worker."""
    known = FILES.get(file)
    if known is None:
        raise Http404("no such file")
    if request.method == "POST":
        try:
            run = nightly_files.start(file, by=cast(User, request.user))
        except nightly_files.Refused as reason:
            messages.warning(request, f"{reason}.")
            return redirect("ingest_runs")
        messages.success(request, "The file is being read. You will get an email when it is done.")
        return redirect("ingest_run", run.pk)
    context = {"file": known, "found": known.found(), "before": queries.read_before(known)}
    return render(request, "casework/ingest/start.html", context | {"running": nightly_files.running(file)})
