"""What stands beside the questions of a checklist: the report's answers, what changed since last year, and figures.

Answers are those that were submitted last (``Submission.snapshot``), of this report and of the one before it. Figures
are computed from the report as it stands, which is the same unless it was sent back to the deputy.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings

from reporting.casework.checklists.models import Group
from reporting.engine.answered import Answered
from reporting.engine.questions import pounds
from reporting.engine.report_types import Family
from reporting.engine.rows import Block, Line, Listing, Row, Rows
from reporting.engine.section import Answers, Entry
from reporting.reports.models import Report
from reporting.sections.balance import Balance, sums
from reporting.sections.bank_accounts import BankAccount
from reporting.sections.prof_deputy_costs import ProfDeputyCosts
from reporting.sections.prof_deputy_costs_estimate import ProfDeputyCostsEstimate
from reporting.submissions.models import Submission
from reporting.submissions.snapshot import blocks_from, rows_from

MOST_CHANGES = 40
Frozen = dict[str, Any]


@dataclass(frozen=True)
class Change:
    """An answer that is not last year's; an empty side means that there was none."""

    label: str
    before: str
    now: str


@dataclass(frozen=True)
class Shown:
    """A section as it was submitted. ``changes`` is None where there is no last year to compare with."""

    key: str
    title: str
    blocks: tuple[Block, ...]
    changes: tuple[Change, ...] | None
    left_out: int = 0


class Beside:
    """Everything that a checklist shows of one report."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.snapshot = newest_snapshot(report)
        self.now = _sections(self.snapshot)
        self.before = _sections(newest_snapshot(report.previous)) if report.previous else {}
        self.answers = Answers(report)

    def sections(self, group: Group) -> list[Shown]:
        return [self._shown(self.now[key]) for key in group.sections if key in self.now]

    def _shown(self, section: Frozen) -> Shown:
        last = self.before.get(section["key"])
        changes = changes_of(section, last) if last is not None else None
        return Shown(
            section["key"],
            section["title"],
            blocks_from(section["blocks"]),
            tuple(changes[:MOST_CHANGES]) if changes is not None else None,
            max(len(changes or ()) - MOST_CHANGES, 0),
        )

    def offered(self) -> dict[str, Any]:
        """Answers of the deputy that the checklist asks for again (L13.1, L13.2)."""
        given = self.now.get("actions", {}).get("answers", {})
        return {"future_decisions": given.get("expect"), "concerns": given.get("concerns")}

    # Facts

    def facts(self, group: Group) -> list[Block]:
        """What else belongs to a group of questions: names and addresses, sums."""
        found: list[Block] = []
        if "contact_details" in group.questions:
            found += [
                Rows(rows_from(self.snapshot[key]), title)
                for key, title in (("deputy", "Deputy, when the report was submitted"), ("client", "Client"))
                if key in self.snapshot
            ]
        if "bankAccounts" in group.sections and "bankAccounts" in self.now:
            found += self._opening_balances()
        if "balance" in group.sections and self.answers.has(Balance):
            found.append(self._balance())
        if "profDeputyCosts" in group.sections and self.answers.has(ProfDeputyCosts):
            found.append(self._costs())
        return found

    def _balance(self) -> Block:
        found = sums(self.answers)
        tolerance = Decimal(settings.CHECKLIST_BALANCE_TOLERANCE)
        lay = self.report.kind.family is Family.LAY
        verdict = "Balanced" if found.matches else "Not balanced"
        if not found.matches and lay:
            within = abs(found.difference) <= tolerance
            verdict += f", {'within' if within else 'beyond'} the tolerance of {pounds(tolerance)}"
        rows = [
            Row("Opening balances", pounds(found.opening)),
            *(Row(part.label, pounds(part.sign * part.amount)) for part in found.parts),
            Row("Closing balances that follow from this", pounds(found.expected)),
            Row("Closing balances of the accounts", pounds(found.closing)),
            Row("Difference", pounds(found.difference)),
            Row("Do the accounts balance?", verdict),
        ]
        return Rows(tuple(rows), "Balance")

    def _opening_balances(self) -> list[Block]:
        """This year's opening balances beside last year's closing ones; none without a report before."""
        if "bankAccounts" not in self.before:
            return []
        now, last = _accounts(self.now), _accounts(self.before)
        closing = {account.identity(): account.closing for account in last}
        lines = [
            Line((account.name, _closing(closing, account), _money(account.opening), _gap(closing, account)))
            for account in now
        ]
        known = {account.identity() for account in now}
        lines += [
            Line((account.name, _money(account.closing), "Not in this report", ""))
            for account in last
            if account.identity() not in known and account.closed != "yes"
        ]
        columns = ("Account", "Closing balance last year", "Opening balance", "Difference")
        return [Listing("Opening balances", columns, frozenset({1, 2, 3}), tuple(lines), empty="No accounts.")]

    def _costs(self) -> Block:
        costs = self.answers[ProfDeputyCosts]
        charged, assessed = costs.this_period(), costs.to_assess
        rows = [
            Row("Charged for this period", pounds(charged)),
            Row("For earlier periods", pounds(costs.earlier_periods())),
        ]
        if assessed is not None:
            rows.append(Row("To be assessed", pounds(assessed)))
        estimate = self._estimate()
        rows.append(Row("Estimate of last year", pounds(estimate) if estimate is not None else "None"))
        if estimate:
            rows.append(Row("Charged beside the estimate", against(charged, estimate)))
            if assessed is not None:
                rows.append(Row("To be assessed beside the estimate", against(assessed, estimate)))
        return Rows(tuple(rows), "Costs beside last year’s estimate")

    def _estimate(self) -> Decimal | None:
        given = self.before.get(ProfDeputyCostsEstimate.key, {}).get("answers", {}).get("management")
        return Decimal(given) if given is not None else None


def against(amount: Decimal, estimate: Decimal) -> str:
    """How far an amount is from the estimate, and whether that needs an explanation."""
    percent = (amount - estimate) / estimate * 100
    words = f"{abs(percent):.0f}% {'more' if percent > 0 else 'less'}" if round(percent) else "the same"
    limit = settings.CHECKLIST_COSTS_TOLERANCE
    return f"{words}, beyond the {limit}% that needs an explanation" if percent >= limit else words


def newest_snapshot(report: Report) -> Frozen:
    """What was submitted last of a report; empty if nothing was."""
    newest = Submission.objects.filter(report=report, with_report=True).order_by("-number").first()
    return newest.snapshot if newest else {}


def _sections(snapshot: Frozen) -> dict[str, Frozen]:
    return {each["key"]: each for each in snapshot.get("sections", ())}


def _accounts(sections: dict[str, Frozen]) -> list[BankAccount]:
    """The accounts of a submission, as rows that are not stored."""
    found = sections["bankAccounts"]["entries"].get(BankAccount.slug, ())
    return [_account(each["answers"]) for each in found]


def _account(answers: dict[str, Any]) -> BankAccount:
    account = BankAccount(**answers)
    account.opening = _decimal(answers.get("opening"))
    account.closing = _decimal(answers.get("closing"))
    return account


def _decimal(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def _money(amount: Decimal | None) -> str:
    return "" if amount is None else pounds(amount)


def _closing(closing: dict[Any, Decimal | None], account: BankAccount) -> str:
    identity = account.identity()
    return _money(closing[identity]) if identity in closing else "Not in last year’s report"


def _gap(closing: dict[Any, Decimal | None], account: BankAccount) -> str:
    last = closing.get(account.identity())
    return "" if last is None or account.opening is None else pounds(account.opening - last)


# What changed


def changes_of(now: Frozen, before: Frozen) -> list[Change]:
    """Answers and entries of a section that differ from those of the year before."""
    found = _differences("", now["words"], before["words"])
    for slug in [*now["entries"], *(slug for slug in before["entries"] if slug not in now["entries"])]:
        found += _entries(slug, now["entries"].get(slug, ()), before["entries"].get(slug, ()))
    return found


def _differences(prefix: str, now: Sequence[Frozen], before: Sequence[Frozen]) -> list[Change]:
    last = {row["question"]: row for row in before}
    current = {row["question"]: row for row in now}
    labels = {name: row["label"] for name, row in {**last, **current}.items()}
    return [
        Change(prefix + label, last.get(name, {}).get("text", ""), current.get(name, {}).get("text", ""))
        for name, label in labels.items()
        if last.get(name, {}).get("text", "") != current.get(name, {}).get("text", "")
    ]


def _entries(slug: str, now: Iterable[Frozen], before: Iterable[Frozen]) -> list[Change]:
    """Entries that stand for the same thing are compared answer by answer; others are new, or gone."""
    kind = next((each for each in Answered.kinds if issubclass(each, Entry) and each.slug == slug), None)
    waiting: dict[Any, list[Frozen]] = defaultdict(list)
    for entry in before:
        waiting[_identity(kind, entry)].append(entry)
    found = []
    for entry in now:
        same = waiting[_identity(kind, entry)]
        if same:
            found += _differences(f"{_name(entry)}: ", entry["words"], same.pop(0)["words"])
        else:
            found.append(Change(_one(kind), "", _name(entry)))
    gone = [entry for entries in waiting.values() for entry in entries]
    return [*found, *(Change(_one(kind), _name(entry), "") for entry in gone)]


def _identity(kind: type[Entry] | None, entry: Frozen) -> Any:
    """What makes two entries the same thing: as the kind says, else everything but amounts of money."""
    if kind is not None and kind.identity is not Entry.identity:
        return kind(**entry["answers"]).identity()
    return tuple(row["text"] for row in entry["words"] if not row["text"].lstrip("-").startswith("£"))


def _one(kind: type[Entry] | None) -> str:
    return kind.one.capitalize() if kind else "Entry"


def _name(entry: Frozen) -> str:
    return ", ".join(text for row in entry["words"][:4] if (text := " ".join(row["text"].split())))
