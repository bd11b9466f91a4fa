"""What is written down of how far a report is equals what all its answers give, after every kind of change."""

import io
import random
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from foundation import clock
from foundation.accounts.models import User
from reporting.engine.forms import PageForm, posted
from reporting.engine.questions import Pick
from reporting.engine.report_types import TYPES
from reporting.engine.sample import fill
from reporting.engine.section import Answered, Answers, Entry, all_sections, sections_of
from reporting.reports import actions, progress
from reporting.reports.models import Report
from reporting.reports.section_views import entry_of
from tests.reporting.conftest import make_person, make_report
from tests.reporting.sections.pages import Pages


def data_for(owner: Answered, page: Any, chance: random.Random) -> QueryDict:
    """A page's form with sample answers, as a browser would send it."""
    data = QueryDict(mutable=True)
    for name in page.questions:
        question = owner.questions()[name]
        if not isinstance(question, Pick) or question.entries(owner):
            for field, value in posted(question, question.sample(chance, owner)).items():
                data.setlist(field, value if isinstance(value, list) else [str(value)])
    return data


def change_something(report: Report, user: User, chance: random.Random) -> str:
    """Save a page or remove an entry, whatever comes; returns what was done."""
    answers = Answers(report)
    section = answers[chance.choice(sections_of(report.kind))]
    owners: list[Answered] = [section]
    for kind in section.entry_kinds():
        owners += [*section.entries(kind), *([entry_of(answers, kind, uuid4())] if section.asks_for(kind) else [])]
    owner = chance.choice(owners)
    if isinstance(owner, Entry) and owner.pk and chance.random() < 0.7:
        try:
            actions.remove_entry(report, type(owner), owner.token, by=user)
        except actions.Refused:
            return "refused"
        return "removed"
    if not owner.asked_pages():
        return "nothing"
    at = chance.choice(owner.asked_pages())

    def find(fresh: Answers) -> Answered:
        return entry_of(fresh, type(owner), owner.token) if isinstance(owner, Entry) else fresh[type(section)]

    try:
        saved = actions.save_answers(
            report, find, at, data_for(owner, at, chance), by=user, version=owner.page_version(at)
        )
    except actions.NotAsked:
        return "not asked"
    return "not valid" if isinstance(saved, PageForm) else "saved"


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["102-4", "103-4-6", "102-5"])
def test_what_is_stored_is_what_is_computed(code: str) -> None:
    user = make_person(code)
    report = make_report(user, code)
    fill(report)
    actions.touch(Answers(report))
    chance, done = random.Random(code), set()
    for _ in range(25):
        done.add(change_something(report, user, chance))
        report.refresh_from_db()
        answers = Answers(report)
        assert report.progress == progress.compute(answers)
        assert report.ready == all(section.state().finished for section in answers.sections())
    assert {"saved", "removed"} <= done


@pytest.mark.parametrize("kind", [kind for kind in Answered.kinds if issubclass(kind, Entry)])
def test_a_section_needs_whatever_its_entries_pick_from(kind: type[Entry]) -> None:
    """Or a change of what is picked would leave its stored state as it was."""
    picked = {
        question.remote_field.model.section for question in kind.questions().values() if isinstance(question, Pick)
    }
    members = [section for section in all_sections() if section is kind.section]
    assert members
    assert picked <= {kind.section, *kind.section.needs}


@pytest.mark.django_db
def test_a_save_and_the_overview_read_only_what_they_need() -> None:
    user = make_person("102-4")
    report = make_report(user, "102-4")
    fill(report)
    actions.touch(Answers(report))
    pages = Pages(user, report)
    pages.save("lifestyle/care", care="The dentist in May")
    with CaptureQueriesContext(
        connection,
    ) as overview:
        pages.text()
    section = Answers(report)[next(kind for kind in all_sections() if kind.key == "lifestyle")]
    version = section.page_version(section.pages[0])
    with CaptureQueriesContext(connection) as save:
        pages.browser.post(f"{pages.base}lifestyle/care/", {"version": version, "care": "The dentist in June"})
    assert len(save) <= 16, [each["sql"][:90] for each in save]
    assert len(overview) <= 12, [each["sql"][:90] for each in overview]


@pytest.mark.django_db
def test_a_command_writes_everything_down_anew() -> None:
    """After a change of the sections themselves; submitted reports stay as they were sent."""
    user = make_person("104")
    right, wrong, sent = (make_report(user, "104") for _ in range(3))
    for report in (right, wrong, sent):
        actions.touch(Answers(report))
    Report.objects.filter(pk__in=[wrong.pk, sent.pk]).update(progress={"decisions": {"state": "done"}}, ready=True)
    Report.objects.filter(pk=sent.pk).update(submitted=True)
    versions = dict(Report.objects.values_list("pk", "version"))
    out = io.StringIO()
    call_command("rebuild_progress", stdout=out)
    assert "1 of 2" in out.getvalue()
    for report in (right, wrong):
        report.refresh_from_db()
        assert report.progress == progress.compute(Answers(report))
        assert report.version == versions[report.pk], "nobody changed an answer"
    assert not wrong.ready
    sent.refresh_from_db()
    assert sent.ready


def test_who_changed_what_is_told_by_person() -> None:
    before, after = clock.now().isoformat(), clock.now()
    stored = {"changes": {"7": before}}
    assert not progress.changed_by_another(stored, User(pk=8), after)
    assert progress.changed_by_another(stored, User(pk=8), clock.now().replace(year=2020))
    assert not progress.changed_by_another(stored, User(pk=7), clock.now().replace(year=2020))


def test_every_type_is_ready_only_when_all_of_it_is() -> None:
    for kind in TYPES.values():
        states = {
            section.key: {"state": "done", "label": "", "count": None, "changes": {}} for section in sections_of(kind)
        }
        assert progress.is_ready(states)
        states["decisions"]["state"] = "incomplete"
        assert not progress.is_ready(states)
