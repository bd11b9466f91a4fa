"""Reports on a page and as CSV: what each counts says its own file."""

from datetime import timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from foundation import audit, clock
from foundation.access import may
from foundation.csv_cells import Cell, to_csv
from roster.establishment.roles import establishments_for
from roster.reports.forms import ScopeForm
from roster.reports.report import Month, Report, Row, reports


@may("report.see")
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    return render(request, "reports/reports.html", {"reports": reports().values()})


@may("report.see")
@require_safe
def report(request: HttpRequest, kind: str) -> HttpResponse:
    """One report; asked for with ``form=csv`` as a file."""
    found = reports().get(kind)
    if found is None:
        raise Http404
    form = _form(request)
    rows = found.rows(form.scope) if form.is_valid() else []
    if rows and request.GET.get("form") == "csv":
        return _file(request, found, form, rows)
    place = form.cleaned_data.get("place") if form.is_bound else None
    context = {
        "report": found, "form": form, "rows": rows, "total": found.total(rows), "said": said, "place": place,
        "query": "&".join(f"{name}={form.data[name]}" for name in form.fields) if form.is_valid() else "",
        "valid": form.is_valid(),
    }  # fmt: skip
    return render(request, "reports/report.html", context, status=400 if form.errors and form.is_bound else 200)


def _form(request: HttpRequest) -> ScopeForm:
    """As asked; else the last full month and this one, of the first establishment."""
    places = establishments_for(request.user, "report.see").filter(closed_on=None).order_by("name")
    now = Month.of(clock.today())
    before = Month.of(now.first - timedelta(days=1))
    here = places.filter(units__isnull=False).first() or places.first()
    usual = {"place": here.code if here else "", "start": str(before), "end": str(now)}
    return ScopeForm(usual | {name: request.GET[name] for name in usual if name in request.GET}, places=places)


def said(number: int, *, minutes: bool) -> str:
    """A count, or minutes as hours and minutes: 1,234:05."""
    if not minutes:
        return f"{number:,}"
    sign = "-" if number < 0 else ""
    return f"{sign}{abs(number) // 60:,}:{abs(number) % 60:02d}"


def _file(request: HttpRequest, found: Report, form: ScopeForm, rows: list[Row]) -> HttpResponse:
    """Minutes stay minutes: whole numbers that add up in any spreadsheet."""
    scope = form.scope
    names = [f"{name} (minutes)" if n in found.minutes else name for n, name in enumerate(found.columns)]
    lines: list[list[Cell]] = [["Establishment", "Month", "Grade", *names]]
    lines += [[scope.establishment.name, row.month, row.grade, *row.numbers] for row in rows]
    lines.append([scope.establishment.name, "All", "All", *found.total(rows)])
    facts = {"report": found.name, "start": str(scope.start), "end": str(scope.end)}
    audit.record("REPORT_EXPORTED", by=request.user, subject=scope.establishment, after=facts)
    answer = HttpResponse(to_csv(lines), content_type="text/csv; charset=utf-8")
    name = f"{found.name} {scope.establishment.code} {scope.start} to {scope.end}.csv"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
