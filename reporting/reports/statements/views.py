"""The pages of bank statement import: statements of a report, a file and its preview, sorting payments."""

from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation import drafts
from foundation.access import may
from reporting.engine.section import Answers
from reporting.reports import queries
from reporting.reports.actions import Closed, Refused
from reporting.reports.models import Report
from reporting.reports.statements import actions, applying, columns, lines, short, sorting
from reporting.reports.statements.choices import Choices
from reporting.reports.statements.columns import Role
from reporting.reports.statements.models import Payment, StatementImport
from reporting.reports.statements.overview import Overview
from reporting.sections.bank_accounts import BankAccount, BankAccounts

GROUPS_A_PAGE = 20
PAYMENTS_A_PAGE = 50
LISTED = 50
"""Payments outside the period that a preview lists."""

MOST_POUNDS = 10**12

ROLES = {
    Role.DATE: "Date",
    Role.DESCRIPTION: "Description",
    Role.AMOUNT: "Amount",
    Role.PAID_OUT: "Money out",
    Role.PAID_IN: "Money in",
    Role.DIRECTION: "In or out (a word)",
    Role.BALANCE: "Balance",
    Role.REFERENCE: "Reference",
    Role.UNUSED: "Not used",
}


@may("report.fill")
@require_GET
def statements(request: HttpRequest, report_id: int) -> HttpResponse:
    """The accounts with their statements, and what remains to balance."""
    report = _report(request, report_id)
    answers = Answers(report)
    context = {"overview": Overview(answers), "denied": applying.denied(answers)}
    return render(request, "statements/statements.html", _around(report) | context)


@may("report.fill")
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, report_id: int, account: UUID) -> HttpResponse:
    """Choose a file for an account."""
    report = _report(request, report_id)
    found = get_object_or_404(BankAccount, report=report, token=account)
    found.answers = Answers(report)
    error = ""
    if request.method == "POST":
        try:
            waiting = _take(request, report, found)
        except Refused as refused:
            error = str(refused)
        except Closed:
            raise Http404("submitted") from None
        else:
            return redirect("statement_file", report.pk, waiting.token)
    errors = [{"text": error, "href": "#file"}] if error else []
    return render(
        request, "statements/add.html", _around(report) | {"account": found, "errors": errors, "error": error}
    )


def _take(request: HttpRequest, report: Report, account: BankAccount) -> StatementImport:
    file: Any = request.FILES.get("file")
    if file is None or not file.size:
        raise Refused("Choose a file. It must not be empty" if file else "Choose a file")
    if file.size > lines.MOST_BYTES or file.over:
        raise Refused("The file must be smaller than 5MB. Download a shorter period")
    return actions.take(report, account, file.sent_name, file.read(), by=request.user)


@may("report.fill")
@require_http_methods(["GET", "POST"])
def file(request: HttpRequest, report_id: int, token: UUID) -> HttpResponse:
    """What a file would add; its columns can be corrected; then it is imported, or not."""
    report = _report(request, report_id)
    waiting = _statement(report, token)
    if waiting.stored:
        return redirect("statements", report.pk)
    try:
        if request.method == "POST":
            return _answer_preview(request, report, waiting)
        found = actions.preview(report, waiting)
    except Closed:
        raise Http404("submitted") from None
    except lines.Refused as refused:
        return _render_file(request, report, waiting, refused=refused)
    return _render_file(request, report, waiting, found)


def _answer_preview(request: HttpRequest, report: Report, waiting: StatementImport) -> HttpResponse:
    match request.POST.get("answer"):
        case "columns":
            actions.map_columns(report, waiting, _mapping(request, waiting))
            return redirect("statement_file", report.pk, waiting.token)
        case "discard":
            actions.discard(report, waiting)
            messages.success(request, "Nothing was imported.")
            return redirect("statements", report.pk)
    also = {row for typed in request.POST.getlist("also") if (row := _number(typed)) is not None}
    count = actions.store(report, waiting, also=also, by=request.user)
    messages.success(request, f"{_payments(count)} imported from {waiting.file_name}.")
    unsorted = Payment.objects.of(report).filter(choice="").exists()
    return redirect("statements_sort" if unsorted else "statements", report.pk)


def _mapping(request: HttpRequest, waiting: StatementImport) -> columns.Mapping:
    """The columns as the page sent them, under the names of the file as we last understood it."""
    mapping = _mapping_of(waiting)
    if mapping is None:
        raise Http404("a file without columns")
    known = {role.value for role in Role}
    roles = [request.POST.get(f"column-{at}", "") for at in range(len(mapping.names))]
    if any(role not in known for role in roles):
        raise Http404("no such use of a column")
    return columns.Mapping(mapping.names, tuple(Role(role) for role in roles), "flipped" in request.POST)


def _mapping_of(waiting: StatementImport) -> columns.Mapping | None:
    try:
        return actions.read_again(waiting).mapping
    except lines.Refused as refused:
        return refused.mapping


def _render_file(
    request: HttpRequest,
    report: Report,
    waiting: StatementImport,
    found: actions.Preview | None = None,
    refused: lines.Refused | None = None,
) -> HttpResponse:
    read: Any = found.statement if found else refused
    hint = found.statement.account if found else None
    own = waiting.account
    own.answers = Answers(report)
    context = {
        "waiting": waiting,
        "account": own,
        "found": found,
        "error": str(refused) if refused else "",
        "errors": [{"text": str(refused), "href": "#columns" if read.mapping else "#other"}] if refused else [],
        "mapping": read.mapping,
        "sample": read.sample,
        "roles": ROLES,
        "listed": LISTED,
        "again": StatementImport.objects.filter(account=own, sha256=waiting.sha256, stored=True).exists(),
        "another_account": bool(hint and _contradicts(hint, own)),
    }
    return render(request, "statements/file.html", _around(report) | context)


def _contradicts(hint: lines.AccountHint, account: BankAccount) -> bool:
    pairs = ((hint.sort_code, account.sort_code), (hint.last_four, account.number))
    return any(shown and own and shown != own for shown, own in pairs)


@may("report.fill")
@require_http_methods(["GET", "POST"])
def remove(request: HttpRequest, report_id: int, token: UUID) -> HttpResponse:
    """Ask first, then take a statement out again."""
    report = _report(request, report_id)
    statement = StatementImport.objects.filter(account__report=report, token=token, stored=True).first()
    if statement is None:
        return redirect("statements", report.pk)
    if request.method == "POST":
        try:
            count = actions.remove(report, statement, by=request.user)
        except Closed:
            raise Http404("submitted") from None
        messages.success(request, f"The statement and its {_payments(count)} have been removed.")
        return redirect("statements", report.pk)
    statement.account.answers = Answers(report)
    context = {"statement": statement, "count": statement.payments.count()}
    return render(request, "statements/remove.html", _around(report) | context)


@may("report.fill")
@drafts.shown
@require_http_methods(["GET", "POST"])
def sort(request: HttpRequest, report_id: int) -> HttpResponse:
    """Payments that are alike with one choice for all of them: by default those that nobody has sorted yet."""
    report = _report(request, report_id)
    every = request.GET.get("show") == "all"
    if request.method == "POST" and (answer := _save(request, report, alone=False)):
        return answer
    answers = Answers(report)
    payments = applying.payments_of(answers)
    shown = payments if every else [payment for payment in payments if not payment.choice]
    if not shown and not request.GET.get("show"):
        return redirect("statements", report.pk)
    groups = sorting.groups(Choices(answers), shown)
    context = {
        "every": every,
        "unsorted": sum(not payment.choice for payment in payments),
        "total": len(payments),
        "sums": Overview(answers).sums,
    }
    return _render_groups(request, report, "statements/sort.html", groups, GROUPS_A_PAGE, context)


@may("report.fill")
@drafts.shown
@require_http_methods(["GET", "POST"])
def payments(request: HttpRequest, report_id: int) -> HttpResponse:
    """Payments one by one: those in an entry, those like one, or those of a statement."""
    report = _report(request, report_id)
    if request.method == "POST" and (answer := _save(request, report, alone=True)):
        return answer
    answers = Answers(report)
    every = applying.payments_of(answers)
    shown, title = _chosen(request, every)
    if not shown:
        return redirect("statements", report.pk)
    total = sum(payment.amount for payment in shown)
    groups = sorting.singles(Choices(answers), shown)
    context = {"title": title, "sum": total, "total": len(shown)}
    return _render_groups(request, report, "statements/payments.html", groups, PAYMENTS_A_PAGE, context)


def _chosen(request: HttpRequest, every: list[Payment]) -> tuple[list[Payment], str]:
    if token := request.GET.get("entry"):
        return [payment for payment in every if str(payment.entry) == token], "Payments in this entry"
    if key := request.GET.get("like"):
        first = next((payment for payment in every if str(payment.pk) == key), None)
        return (sorting.like(first, every), "Payments like this") if first else ([], "")
    statement = _number(request.GET.get("statement", ""))
    return [payment for payment in every if payment.statement_id == statement], "Payments of this statement"


def _save(request: HttpRequest, report: Report, *, alone: bool) -> HttpResponse | None:
    """Save a page of choices. None: show the page again."""
    sent = sorting.Sent.of(request.POST, alone=alone)
    choices = Choices(Answers(report))
    try:
        count = actions.sort(report, lambda found: sent.decisions(choices, found), learn=not alone, by=request.user)
    except actions.Contradicted as error:
        return _render_conflicts(request, report, error)
    except (KeyError, ValueError):
        messages.error(request, "Nothing was saved: these payments or accounts have changed. Look at them again.")
        return redirect(request.get_full_path())
    except Closed:
        raise Http404("submitted") from None
    drafts.saved(request)
    if count:
        messages.success(request, f"{_payments(count)} sorted.")
    return redirect(request.get_full_path())


def _render_conflicts(request: HttpRequest, report: Report, error: actions.Contradicted) -> HttpResponse:
    """Both values are shown; sending again is the person's choice."""
    known = {str(payment.pk): payment for payment in applying.payments_of(Answers(report))}
    keys = [name.removeprefix("choice-") for name in request.POST if name.startswith("choice-")]
    again = [(key, request.POST[f"choice-{key}"], actions.value_of(known[key])) for key in keys if key in known]
    context = {"conflicts": error.conflicts, "again": again, "here": request.get_full_path()}
    return render(request, "statements/conflicts.html", _around(report) | context, status=409)


def _render_groups(
    request: HttpRequest, report: Report, template: str, groups: list[sorting.Group], size: int, context: dict[str, Any]
) -> HttpResponse:
    page = Paginator(groups, size).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    base = f"?{query.urlencode()}&page=" if query else "?page="
    draft = drafts.find(request.user, request.path)
    kept = _kept(draft, page.object_list)
    found = {"page": page, "page_base": base, "kept": kept, "draft": draft if kept else None}
    return render(request, template, _around(report) | found | context)


def _kept(draft: drafts.Draft | None, groups: Any) -> dict[str, str]:
    """What was picked on this page and not saved yet, unless somebody sorted those payments since."""
    typed = draft.data if draft else None
    if typed is None:
        return {}
    return {
        group.key: picked
        for group in groups
        if (picked := typed.get(f"choice-{group.key}", "")) != group.offered
        and typed.get(f"seen-{group.key}") == group.seen
    }


@may("report.fill")
@require_POST
def balance(request: HttpRequest, report_id: int) -> HttpResponse:
    """Use a balance that a statement shows for its account."""
    report = _report(request, report_id)
    try:
        token, amount = UUID(request.POST.get("account", "")), Decimal(request.POST.get("amount", ""))
    except (ValueError, InvalidOperation):
        raise Http404("no such balance") from None
    if not amount.is_finite() or abs(amount) >= MOST_POUNDS:
        raise Http404("no such balance")
    try:
        account = actions.use_balance(report, token, request.POST.get("which", ""), amount, by=request.user)
    except Closed:
        raise Http404("submitted") from None
    if account is None:
        messages.error(request, "This balance has changed. Look at the account again.")
    else:
        messages.success(request, "The balance has been saved.")
    return redirect("statements", report.pk)


@may("report.fill")
@require_POST
def admit(request: HttpRequest, report_id: int) -> HttpResponse:
    """Change the answer of a section that says there is nothing, though the statements show payments."""
    report = _report(request, report_id)
    try:
        if actions.admit(report, request.POST.get("section", ""), by=request.user):
            messages.success(request, "The answer has been changed to yes.")
    except Closed:
        raise Http404("submitted") from None
    return redirect("statements", report.pk)


@may("report.fill")
@require_http_methods(["GET", "POST"])
def suggestions(request: HttpRequest, report_id: int) -> HttpResponse:
    """For the short account: kinds to tick and large payments, as the statements show them."""
    report = _report(request, report_id)
    if request.method == "POST":
        try:
            used = short.use(report, request.POST.getlist("ticks"), request.POST.getlist("items"), by=request.user)
        except Closed:
            raise Http404("submitted") from None
        messages.success(request, "The report has been updated." if used else "Nothing was selected.")
        return redirect("statements", report.pk)
    found = short.suggestions(Answers(report))
    if not found:
        return redirect("statements", report.pk)
    return render(request, "statements/suggestions.html", _around(report) | {"suggestions": found})


def _report(request: HttpRequest, report_id: int) -> Report:
    """An open report that has bank accounts."""
    report = queries.open_report(request.user, report_id)
    if not BankAccounts.applies_to(report.kind):
        raise Http404("a report without accounts")
    return report


def _statement(report: Report, token: UUID) -> StatementImport:
    found = StatementImport.objects.filter(account__report=report).select_related("account")
    return get_object_or_404(found, token=token)


def _around(report: Report) -> dict[str, Any]:
    return {"report": report, "home": reverse("statements", args=[report.pk])}


def _number(typed: str) -> int | None:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 19 else None


def _payments(count: int) -> str:
    return "1 payment" if count == 1 else f"{count:,} payments"
