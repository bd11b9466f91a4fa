"""What a person does with bank statements: send a file, confirm it, say what payments were for, take it out again.

A file waits encrypted until its preview is confirmed; then all of its payments are stored in one transaction, or none.
"""

import hashlib
import zlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import structlog
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

from foundation import audit, clock
from foundation.clients import Unavailable
from foundation.clients.scanner import scanner
from reporting.engine.section import Answers
from reporting.reports.actions import Refused, locked, touch
from reporting.reports.models import Report
from reporting.reports.statements import applying, columns, lines
from reporting.reports.statements.categories import TRANSFER, learn_key, suggest
from reporting.reports.statements.choices import Choices, Picked, hint_of
from reporting.reports.statements.lines import Statement, StatementLine
from reporting.reports.statements.matching import NewLine, Overlap, fingerprint, new_lines, payee_key
from reporting.reports.statements.models import LearnedChoice, Payment, StatementImport
from reporting.reports.statements.reading import read
from reporting.sections.bank_accounts import BankAccount

KEPT = timedelta(hours=24)
"""How long a file waits for its preview to be confirmed."""
OPENING_GAP = timedelta(days=31)
"""How long after the first day of the period a statement's first payment may be to show the opening balance."""

log = structlog.get_logger()


@dataclass(frozen=True)
class Preview:
    """What a waiting file would add to the report. ``outside`` are payments that are not in the reporting period."""

    statement: Statement
    inside: list[StatementLine]
    outside: list[StatementLine]
    overlap: Overlap


# Files


def take(report: Report, account: BankAccount, name: str, content: bytes, *, by: Any) -> StatementImport:
    """Scan and read a file and let it wait for confirmation. Raises ``Refused`` with a sentence for the person."""
    _scan(report, content, by=by)
    waiting = StatementImport(
        account=account, file_name=name[-255:] or "statement", sha256=hashlib.sha256(content).hexdigest(), created_by=by
    )
    try:
        waiting.kind = read(content, name).kind
    except lines.Refused as refused:
        if refused.mapping is None:
            raise Refused(str(refused)) from None
        # The person may say which column is what.
    waiting.content = _keys().encrypt(zlib.compress(content))
    with locked(report):
        waiting.save()
    return waiting


def _scan(report: Report, content: bytes, *, by: Any) -> None:
    try:
        verdict = scanner().scan(content)
    except Unavailable as error:
        log.warning("scanner_unavailable", reason=str(error))
        raise Refused(
            "We cannot check files for viruses just now, so nothing was imported. Try again in a few minutes"
        ) from None
    if not verdict.clean:
        found = {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
        audit.record("UPLOAD_INFECTED", by=by, subject=report, reason=verdict.name or "", after=found)
        raise Refused("This file contains a virus, so nothing was imported")


def _keys() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.DRAFT_KEYS])


def read_again(waiting: StatementImport) -> Statement:
    """The waiting file as the person has said it is to be read. Raises ``lines.Refused``."""
    try:
        content = zlib.decompress(_keys().decrypt(bytes(waiting.content)))
    except InvalidToken:
        raise lines.Refused(None, "We no longer have this file. Choose it again.") from None
    return read(content, waiting.file_name, stored_mapping(waiting))


def stored_mapping(waiting: StatementImport) -> columns.Mapping | None:
    if not waiting.mapping:
        return None
    roles = tuple(columns.Role(role) for role in waiting.mapping["roles"])
    return columns.Mapping(tuple(waiting.mapping["names"]), roles, bool(waiting.mapping["flipped"]))


def map_columns(report: Report, waiting: StatementImport, mapping: columns.Mapping) -> None:
    """Keep what the person said about the columns; the preview shows what comes of it."""
    with locked(report):
        waiting.mapping = {"names": mapping.names, "roles": mapping.roles, "flipped": mapping.flipped}
        waiting.save(update_fields=["mapping"])


def preview(report: Report, waiting: StatementImport) -> Preview:
    """Raises ``lines.Refused`` where the file cannot be read in this way."""
    statement = read_again(waiting)
    inside = [line for line in statement.lines if report.start <= line.date <= report.end]
    outside = [line for line in statement.lines if not report.start <= line.date <= report.end]
    stored = Payment.objects.filter(account=waiting.account_id)
    taken = set(stored.values_list("fingerprint", flat=True))
    return Preview(statement, inside, outside, new_lines([payment.line for payment in stored], inside, taken))


def store(report: Report, waiting: StatementImport, *, also: Collection[int] = (), by: Any) -> int:
    """Store the payments of a confirmed file; returns how many were new. Sending it twice stores it once.

    ``also``: rows of doubtful lines that the person knows to be payments of their own.
    """
    with locked(report) as row:
        waiting = StatementImport.objects.select_for_update(of=("self",)).get(pk=waiting.pk)
        if waiting.stored:
            return 0
        found = preview(row, waiting)
        answers = Answers(row)
        new = [*found.overlap.new, *_also(found.overlap, also, _taken(waiting))]
        Payment.objects.bulk_create(_payments(answers, waiting, new), batch_size=1000)
        waiting.kind, waiting.content, waiting.stored = found.statement.kind, b"", True
        waiting.opening, waiting.closing = balances(found.statement, row.start, row.end)
        waiting.save()
        audit.record("STATEMENT_IMPORTED", by=by, subject=row, after={"import": waiting.pk, "payments": len(new)})
        applying.apply(answers, by=by)
        return len(new)


def _taken(waiting: StatementImport) -> set[str]:
    return set(Payment.objects.filter(account=waiting.account_id).values_list("fingerprint", flat=True))


def _also(overlap: Overlap, rows: Collection[int], taken: set[str]) -> list[NewLine]:
    used, found = taken | {new.fingerprint for new in overlap.new}, []
    for line in overlap.doubtful:
        if line.row in rows:
            occurrence = 0
            while (mark := fingerprint(line, occurrence)) in used:
                occurrence += 1
            used.add(mark)
            found.append(NewLine(line, mark))
    return found


def _payments(answers: Answers, waiting: StatementImport, new: list[NewLine]) -> list[Payment]:
    """Payments to store, each with a suggestion. One that needs no second look counts at once; one that these
    deputies are not offered (a solicitor's fees, to a solicitor) never does."""
    choices = Choices(answers)
    account = choices.account(waiting.account_id)
    assert account is not None
    own = [hint_of(one) for one in choices.accounts if one.pk != account.pk]
    learned: dict[bool, dict[str, str]] = {True: {}, False: {}}
    for each in LearnedChoice.objects.filter(client=answers.report.client):
        learned[each.paid_in][each.payee] = each.choice
    found = []
    for one in new:
        line, suggestion = one.line, suggest(one.line, learned[one.line.amount > 0], own)
        other = choices.other_end(account, line.description) if suggestion.choice == TRANSFER else None
        picked = choices.picked(Picked(suggestion.choice, other).value, account, paid_in=line.amount > 0)
        sure = not suggestion.check and picked is not None
        found.append(
            Payment(
                account=account,
                statement=waiting,
                row=line.row,
                date=line.date,
                description=line.description,
                reference=line.reference,
                amount=line.amount,
                balance=line.balance,
                fingerprint=one.fingerprint,
                payee=learn_key(line.description) or payee_key(line.description),
                suggested=suggestion.choice,
                why=suggestion.why,
                choice=suggestion.choice if sure else "",
                other=other,
            )
        )
    return found


def balances(statement: Statement, start: date, end: date) -> tuple[Decimal | None, Decimal | None]:
    """The balances at both ends of the period, where the statement shows them.

    Only of a statement that proves itself: each balance follows from the one before. The closing balance needs a
    payment on or after the last day, as later ones may be lacking otherwise; the opening one may be a little late.
    """
    if not statement.balances_follow:
        return None, None
    shown = [line for line in statement.lines if line.balance is not None]
    if columns.newest_first(shown[0].date, shown[-1].date):
        shown.reverse()
    first = next((line for line in shown if line.date >= start), None)
    last = next((line for line in reversed(shown) if line.date <= end), None)
    opening = closing = None
    if first and first.balance is not None and (first is not shown[0] or first.date - start <= OPENING_GAP):
        opening = first.balance - first.amount
    if last and shown[-1].date >= end:
        closing = last.balance
    return opening, closing


def follow_period(answers: Answers, *, by: Any) -> None:
    """After the reporting period has changed: payments outside it no longer count.

    Payments that an import left out are not here: the file has to be imported again. So has one whose balances matter.
    """
    StatementImport.objects.filter(account__report=answers.report).update(opening=None, closing=None)
    applying.apply(answers, by=by)


def discard(report: Report, waiting: StatementImport) -> None:
    """Forget a file that was not confirmed."""
    with locked(report):
        StatementImport.objects.filter(pk=waiting.pk, stored=False).delete()


def remove(report: Report, statement: StatementImport, *, by: Any) -> int:
    """Take a statement out again with its payments; returns how many. The entries follow."""
    with locked(report) as row:
        count = Payment.objects.filter(statement=statement).count()
        applying.apply(Answers(row), by=by, without=statement)
        audit.record("STATEMENT_REMOVED", by=by, subject=row, before={"import": statement.pk, "payments": count})
        statement.delete()
        return count


def tidy() -> int:
    """Forget files whose preview nobody confirmed."""
    late = StatementImport.objects.filter(stored=False, created_at__lt=clock.now() - KEPT)
    return late.delete()[0]


# What payments were for


@dataclass(frozen=True)
class Conflict:
    """Somebody else sorted these payments meanwhile: what is stored, and what the person sent."""

    key: str
    payee: str
    theirs: str
    mine: str


class Contradicted(Exception):
    """Nothing was saved; ``conflicts`` says where two people differ."""

    def __init__(self, conflicts: list[Conflict]) -> None:
        super().__init__("changed by somebody else")
        self.conflicts = conflicts


@dataclass(frozen=True)
class Decision:
    """What some payments are for. ``seen`` is the value that the person's page showed, "" if not sorted."""

    key: str
    payments: list[Payment]
    seen: str
    picked: Picked


def value_of(payment: Payment) -> str:
    """A payment's stored choice as a form's value."""
    return Picked(payment.choice, payment.other).value if payment.choice else ""


def sort(report: Report, decide: Any, *, learn: bool, by: Any) -> int:
    """Save what payments were for; returns how many changed.

    ``decide`` makes decisions from the payments as they are under the lock. With ``learn`` the choices are remembered
    for like payments of this client. Raises ``Contradicted`` where somebody else chose otherwise meanwhile.
    """
    with locked(report) as row:
        answers = Answers(row)
        decisions: list[Decision] = decide(applying.payments_of(answers))
        _refuse_conflicts(Choices(answers), decisions)
        changed = []
        for decision in decisions:
            for payment in decision.payments:
                payment.choice, payment.other = decision.picked.choice, decision.picked.other
                payment.by_person, payment.chosen_by = True, by
                changed.append(payment)
        Payment.objects.bulk_update(changed, ["choice", "other", "by_person", "chosen_by"], batch_size=1000)
        if learn:
            _learn(row, decisions)
        if changed:
            applying.apply(answers, by=by)
        return len(changed)


def _refuse_conflicts(choices: Choices, decisions: list[Decision]) -> None:
    conflicts = []
    for decision in decisions:
        now = {value_of(payment) for payment in decision.payments} - {decision.seen, decision.picked.value}
        if now:
            other = next(payment for payment in decision.payments if value_of(payment) in now)
            theirs = choices.words(other.choice, other.other)
            mine = choices.words(decision.picked.choice, decision.picked.other)
            conflicts.append(Conflict(decision.key, other.description, theirs, mine))
    if conflicts:
        raise Contradicted(conflicts)


def _learn(report: Report, decisions: list[Decision]) -> None:
    for decision in decisions:
        for payee, paid_in in {(payment.payee, payment.paid_in) for payment in decision.payments}:
            LearnedChoice.objects.update_or_create(
                client=report.client, payee=payee, paid_in=paid_in, defaults={"choice": decision.picked.choice}
            )


# Balances


def use_balance(report: Report, token: Any, which: str, amount: Decimal, *, by: Any) -> BankAccount | None:
    """Take the opening or closing balance from a statement; None if it is not one that a statement shows."""
    with locked(report) as row:
        answers = Answers(row)
        account = next((one for one in answers.entries(BankAccount) if one.token == token), None)
        if account is None or which not in {"opening", "closing"}:
            return None
        if not account.statements.filter(stored=True, **{which: amount}).exists():
            return None
        setattr(account, which, amount)
        account.clear_unasked()
        account.changed_by = by
        account.save()
        touch(answers)
        return account


def admit(report: Report, slug: str, *, by: Any) -> bool:
    """Answer yes in a section that says no though statements show payments; False if it does not say so (any more)."""
    with locked(report) as row:
        answers = Answers(row)
        section = next((each for each in applying.denied(answers) if each.slug == slug), None)
        if section is None:
            return False
        applying.admit(answers, type(section), by=by)
        return True


def offers(account: BankAccount, statements: Iterable[StatementImport]) -> Mapping[str, Decimal]:
    """Balances that the account's statements show and that are not the account's yet. Statements that differ: none."""
    found = {}
    for which in ("opening", "closing"):
        shown: set[Decimal] = {amount for each in statements if (amount := getattr(each, which)) is not None}
        if len(shown) == 1 and (amount := shown.pop()) != getattr(account, which):
            found[which] = amount
    return found
