"""Import from a spreadsheet: choose what, give the file, look at what would happen, apply."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from foundation.access import may
from roster.establishment import imports as importing
from roster.establishment.imports import KINDS
from roster.establishment.spreadsheets import Unreadable
from roster.establishment.views import me
from roster.wording import Worded

SALT = "roster.import"
LOOKED_AT_SECONDS = 3600
MOST_BYTES = 1_500_000
TYPES = {"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
GONE = "This preview is too old. Give the file again"


class FileForm(Worded, forms.Form):
    file = forms.FileField(label="File", error_messages={"required": "Select a CSV or XLSX file"})

    def __init__(self, *given: Any, kind: str, **more: Any) -> None:
        self.kind = kind
        super().__init__(*given, **more)

    def clean_file(self) -> list[importing.Row]:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError("The file is larger than 1.5 MB. Split it")
        try:
            return importing.read(file.name, file.read(), self.kind)
        except Unreadable as error:
            raise forms.ValidationError(str(error)) from None


@may("staff.import")
@require_GET
def imports(request: HttpRequest) -> HttpResponse:
    kinds = [{"kind": kind, "title": title, "headers": list(form.headers())} for kind, (title, form) in KINDS.items()]
    return render(request, "establishment/imports.html", {"kinds": kinds})


@may("staff.import")
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest, kind: str) -> HttpResponse:
    """The file; then its preview, which carries the rows signed to this person; then it is applied."""
    if kind not in KINDS:
        raise Http404
    if request.POST.get("rows"):
        return _apply(request, kind)
    form = FileForm(request.POST or None, request.FILES or None, kind=kind)
    if request.method == "POST":
        form = FileForm(request.POST, request.FILES, kind=kind)
        if form.is_valid():
            rows = form.cleaned_data["file"]
            outcome = importing.preview(kind, rows, by=me(request))
            kept = "" if outcome.errors else signing.dumps([me(request).pk, kind, rows], salt=SALT, compress=True)
            return _preview(request, kind, outcome, kept)
    context = {"form": form, "kind": kind, "title": KINDS[kind][0], "headers": list(KINDS[kind][1].headers())}
    return render(request, "establishment/import.html", context, status=400 if form.is_bound else 200)


def _preview(request: HttpRequest, kind: str, outcome: importing.Outcome, kept: str) -> HttpResponse:
    context = {"kind": kind, "title": KINDS[kind][0], "outcome": outcome, "rows": kept}
    return render(request, "establishment/import_preview.html", context, status=422 if outcome.errors else 200)


def _apply(request: HttpRequest, kind: str) -> HttpResponse:
    try:
        user, looked_at, rows = signing.loads(request.POST["rows"], salt=SALT, max_age=LOOKED_AT_SECONDS)
    except signing.BadSignature:
        user = looked_at = rows = None
    if (user, looked_at) != (me(request).pk, kind):
        messages.error(request, GONE)
        return redirect("import", kind)
    outcome = importing.apply(kind, rows, by=me(request))
    if outcome.errors:  # something changed since the preview
        return _preview(request, kind, outcome, "")
    done = outcome.counts
    messages.success(request, f"{done['added']} added, {done['changed']} changed, {done['same']} were so already.")
    return redirect("imports")


@may("staff.import")
@require_GET
def template(request: HttpRequest, kind: str, form: str) -> HttpResponse:
    """An empty file with the headers."""
    if kind not in KINDS or form not in TYPES:
        raise Http404
    response = HttpResponse(importing.template(kind, form), content_type=TYPES[form])
    response["Content-Disposition"] = f'attachment; filename="{kind}.{form}"'
    return response
