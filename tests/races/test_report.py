"""Many at once on one report: no answer lost without a word, one submission, one next report, one mail.

A scenario plays one round and returns what was wrong with it. The same scenarios run with the row lock taken away, to
show that they would find its absence. ``--all`` plays many more rounds.
"""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db.models import QuerySet
from django.http import QueryDict

from foundation.accounts.models import User
from foundation.clients.scanner import Verdict
from foundation.outbox import Delivery
from reporting.documents import actions as documents
from reporting.documents.actions import NotAdded
from reporting.documents.models import Document
from reporting.engine.section import Answered, Answers
from reporting.people.models import CourtOrderDeputy
from reporting.reports import actions, document_actions, progress
from reporting.reports.actions import Closed, Saved, Stale
from reporting.reports.models import Report
from reporting.reports.section_views import entry_of
from reporting.sections.actions import Actions
from reporting.sections.decisions import Decision, Decisions
from reporting.sections.other_info import OtherInfo
from reporting.submissions.actions import ChangedMeanwhile, Declaration, submit
from reporting.submissions.models import Submission
from tests.races.racing import MOST, together
from tests.reporting.conftest import make_deputy, make_report
from tests.reporting.documents import samples
from tests.reporting.submissions.test_submit import finish

pytestmark = pytest.mark.django_db(transaction=True)
Scenario = Callable[[User, User], list[str]]
DECLARATION = Declaration("more_deputies_behalf")


def typed(**answers: str) -> QueryDict:
    data = QueryDict(mutable=True)
    data.update(answers)
    return data


def version(owner: Answered, slug: str) -> str:
    at = type(owner).page(slug)
    assert at
    return owner.page_version(at)


def saver(report: Report, kind: type[Any], slug: str, by: User, **answers: str) -> Callable[[], Any]:
    """Somebody who has the page open now, and will send it."""
    at = kind.page(slug)
    seen = Answers(report)[kind].page_version(at)
    return lambda: actions.save_answers(report, lambda found: found[kind], at, typed(**answers), by=by, version=seen)


def submitter(report: Report, by: User) -> Callable[[], Submission]:
    """Somebody who reads the report through again whenever it was changed meanwhile, and then submits it."""

    def read_and_submit() -> Submission:
        for _ in range(20):
            now = Report.objects.get(pk=report.pk)
            try:
                return submit(now, DECLARATION, by=by, version=now.version)
            except ChangedMeanwhile:
                continue
        raise AssertionError("never came to submit")

    return read_and_submit


def shared(one: User, other: User, kind: str = "104") -> Report:
    """A finished report of two co-deputies."""
    report = make_report(one, kind)
    order = report.orders.get()
    CourtOrderDeputy.objects.create(order=order, deputy=other.deputy)
    return finish(report)


def unexpected(results: list[Any], *allowed: type[Any]) -> list[str]:
    return [f"{type(each).__name__}: {each}" for each in results if not isinstance(each, allowed)]


# Scenarios


def same_page(one: User, other: User) -> list[str]:
    """One wins; every other one is told, and nothing of theirs is stored."""
    report = shared(one, other)
    faults = []
    for number in range(4):
        words = [f"words {number} of {person}" for person in range(MOST)]
        results = together(*(saver(report, OtherInfo, "more", one, more="yes", details=each) for each in words))
        faults += unexpected(results, Saved, Stale)
        winners = [text for text, result in zip(words, results, strict=True) if isinstance(result, Saved)]
        stored = Answers(report)[OtherInfo].details
        if winners != [stored]:
            faults.append(f"{len(winners)} were told that they saved; stored is {stored!r}")
    return faults


def different_pages(one: User, other: User) -> list[str]:
    """All are kept, also pages of one row."""
    report = shared(one, other)
    results = together(
        saver(report, OtherInfo, "more", one, more="yes", details="A"),
        saver(report, Actions, "expect", other, expect="yes", expect_details="B"),
        saver(report, Actions, "concerns", one, concerns="yes", concern_details="C"),
        saver(report, Decisions, "capacity", other, capacity="changed", capacity_details="D"),
    )
    answers = Answers(report)
    stored = [
        answers[OtherInfo].details,
        answers[Actions].expect_details,
        answers[Actions].concern_details,
        answers[Decisions].capacity_details,
    ]
    lost = [] if stored == list("ABCD") else [f"stored is {stored}"]
    report.refresh_from_db()
    stale = (
        [] if report.progress == progress.compute(Answers(report)) else ["the stored progress is not the computed one"]
    )
    return unexpected(results, Saved) + lost + stale


def entry_sent_twice(one: User, other: User) -> list[str]:
    """A new entry has a token: sent seven times it is there once."""
    report = shared(one, other)
    actions.save_answers(
        report, lambda found: found[Decisions], Decisions.page("made"), typed(made="yes"), by=one,
        version=version(Answers(report)[Decisions], "made"),
    )  # fmt: skip
    token, at = uuid4(), Decision.pages[0]
    data = typed(description="Sold the car", involved="yes", involvement="We talked")
    empty = version(entry_of(Answers(report), Decision, token), at.slug)

    def send() -> Any:
        return actions.save_answers(
            report, lambda found: entry_of(found, Decision, token), at, data, by=one, version=empty
        )

    results = together(*[send] * MOST)
    count = Decision.objects.filter(report=report, token=token).count()
    return unexpected(results, Saved) + ([] if count == 1 else [f"{count} entries"])


def remove_against_save(one: User, other: User) -> list[str]:
    """The entry is gone, and whoever saved was told so or was first."""
    report = shared(one, other)
    decision = Decision.objects.create(report=report, description="Sold the car", involved="no", involvement="Asleep")
    actions.touch(Answers(report))
    at = Decision.pages[0]
    seen = version(entry_of(Answers(report), Decision, decision.token), at.slug)
    data = typed(description="Sold the boat", involved="no", involvement="Asleep")

    def save() -> Any:
        return actions.save_answers(
            report, lambda found: entry_of(found, Decision, decision.token), at, data, by=one, version=seen
        )

    def remove() -> Any:
        return actions.remove_entry(report, Decision, decision.token, by=other)

    results = together(save, remove)
    left = Decision.objects.filter(token=decision.token).exists()
    return (
        unexpected(results[:1], Saved, Stale, actions.NotAsked)
        + unexpected(results[1:], Decision)
        + (["the removed entry is back"] if left else [])
    )


def save_against_submit(one: User, other: User) -> list[str]:
    """What was taken is in what was submitted; what was too late was refused."""
    report = shared(one, other)
    text = {"otherInfo": f"other {uuid4()}", "actions": f"plans {uuid4()}"}
    results = together(
        saver(report, OtherInfo, "more", one, more="yes", details=text["otherInfo"]),
        submitter(report, other),
        saver(report, Actions, "expect", one, expect="yes", expect_details=text["actions"]),
    )
    faults = unexpected(results[1:2], Submission) + unexpected([results[0], results[2]], Saved, Closed)
    if faults:
        return faults
    frozen = str(Submission.objects.get(report=report).snapshot)
    for key, result in zip(text, (results[0], results[2]), strict=True):
        if isinstance(result, Saved) != (text[key] in frozen):
            faults.append(f"{key} was {type(result).__name__} but is {'' if text[key] in frozen else 'not '}submitted")
    stored = Answers(Report.objects.get(pk=report.pk))
    for key, now in (("otherInfo", stored[OtherInfo].details), ("actions", stored[Actions].expect_details)):
        if (now == text[key]) != (text[key] in frozen):
            faults.append(f"{key} was changed after it was submitted")
    return faults


def submitted_by_both(one: User, other: User) -> list[str]:
    """Two co-deputies, each clicking several times: one submission, one next report, one mail."""
    report = shared(one, other)

    def click(by: User) -> Callable[[], Submission]:
        return lambda: submit(report, DECLARATION, by=by, version=report.version)

    results = together(*(click([one, other][number % 2]) for number in range(6)))
    made = {
        "submissions": Submission.objects.filter(report=report).count(),
        "next reports": report.next.count(),
        "printed reports": Document.objects.filter(report=report, kind=Document.Kind.REPORT).count(),
        "mails": Delivery.objects.filter(key=f"mail:ReportSubmitted:{report.submissions.first().pk}").count(),
    }
    wrong = [f"{count} {name}" for name, count in made.items() if count != 1]
    different = len({each.pk for each in results if isinstance(each, Submission)})
    return unexpected(results, Submission) + wrong + ([] if different == 1 else ["not all got the same submission"])


def document_against_submit(one: User, other: User) -> list[str]:
    """A document goes with the submission, or its deputy is told that it does not."""
    report = shared(one, other)
    files = [samples.upload("statement.pdf", samples.pdf())]
    results = together(lambda: document_actions.add(report, files, by=one), submitter(report, other))
    faults = unexpected(results[:1], list, NotAdded) + unexpected(results[1:], Submission)
    found = list(documents.deputy_documents(report))
    if bool(found) != isinstance(results[0], list):
        faults.append(f"{len(found)} documents after {type(results[0]).__name__}")
    if any(not document.is_sent for document in found):
        faults.append("a document stayed behind")
    return faults


SAVES = (same_page, different_pages, entry_sent_twice, remove_against_save)
SUBMITS = (save_against_submit, submitted_by_both, document_against_submit)
ALL = [*SAVES, *SUBMITS]


class Clean:
    def scan(self, content: bytes) -> Verdict:
        return Verdict(clean=True)


@pytest.fixture(autouse=True)
def _outside(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Any) -> None:
    settings.STORAGE_FOLDER = tmp_path
    monkeypatch.setattr(documents, "scanner", Clean)


@pytest.fixture
def pair(db: None) -> tuple[User, User]:
    return make_deputy(), make_deputy()


def rounds(scenario: Scenario, pair: tuple[User, User], times: int) -> list[str]:
    return [fault for _ in range(times) for fault in scenario(*pair)]


@pytest.mark.parametrize("scenario", ALL)
def test_nothing_is_lost(scenario: Scenario, pair: tuple[User, User]) -> None:
    assert rounds(scenario, pair, 5) == []


@pytest.mark.long
@pytest.mark.parametrize("scenario", ALL)
def test_nothing_is_lost_in_many_rounds(scenario: Scenario, pair: tuple[User, User]) -> None:
    assert rounds(scenario, pair, 80) == []


@pytest.fixture
def _without_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted fault: nobody locks a row any more."""
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **options: rows.all())


@pytest.mark.usefixtures("_without_locks")
@pytest.mark.parametrize("scenario", [same_page, different_pages, save_against_submit, submitted_by_both])
def test_the_scenario_finds_that_locks_are_missing(scenario: Scenario, pair: tuple[User, User]) -> None:
    assert any(scenario(*pair) for _ in range(30))
