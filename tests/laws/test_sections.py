"""Laws of every section: it is declared completely, and answers come back from form, status, summary and payload."""

import io
import json
import random
from collections import Counter
from typing import Any

import jsonschema
import pytest
from django.core.management import call_command
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from reporting.engine.forms import PageForm, posted
from reporting.engine.questions import LongText, Question, Text
from reporting.engine.report_types import TYPES, Family
from reporting.engine.rows import Rows
from reporting.engine.sample import fill
from reporting.engine.section import Answered, Answers, Entry, Section, all_sections, sections_of
from reporting.reports.views import GROUPS
from tests.reporting.conftest import make_person, make_report

ORDER = {
    "lay": "decisions contacts visitsCare lifestyle clientBenefitsCheck bankAccounts deputyExpenses gifts "
    "moneyTransfers moneyIn moneyOut moneyInShort moneyOutShort assets debts actions otherInfo documents",
    "pa": "decisions contacts visitsCare lifestyle paDeputyExpenses gifts actions otherInfo clientBenefitsCheck "
    "bankAccounts moneyTransfers moneyIn moneyOut moneyInShort moneyOutShort assets debts documents",
    "prof": "decisions contacts visitsCare clientBenefitsCheck bankAccounts moneyIn moneyInShort moneyTransfers "
    "moneyOut moneyOutShort lifestyle gifts assets debts profDeputyCosts profDeputyCostsEstimate actions "
    "otherInfo documents",
}
"""The way through the sections, of each family (deputy-reports 2); the balance is only looked at."""
EVERY = "decisions contacts visitsCare actions otherInfo documents"
OWN = {"lay": "deputyExpenses", "pa": "paDeputyExpenses", "prof": "profDeputyCosts profDeputyCostsEstimate"}
FINANCIAL = "clientBenefitsCheck bankAccounts gifts assets debts"
BASES = {
    "102": f"{FINANCIAL} moneyTransfers moneyIn moneyOut balance",
    "103": f"{FINANCIAL} moneyInShort moneyOutShort",
    "104": "lifestyle",
}
COUNTS = {
    "102": 16, "103": 14, "104": 8, "102-4": 17, "103-4": 15,
    "102-5": 17, "103-5": 15, "104-5": 9, "102-4-5": 18, "103-4-5": 16,
    "102-6": 16, "103-6": 14, "104-6": 8, "102-4-6": 17, "103-4-6": 15,
}  # fmt: skip


@pytest.mark.parametrize("code", list(TYPES))
def test_each_type_has_the_sections_of_the_handbook_in_the_order_of_its_family(code: str) -> None:
    """D-111: after debts, a professional comes to the costs, their estimate, actions, other information."""
    kind = TYPES[code]
    wanted = {*EVERY.split(), *OWN[kind.family].split(), *BASES[kind.base].split()}
    wanted |= {"lifestyle"} if kind.hybrid else set()
    members = sections_of(kind)
    assert {section.key for section in members} == wanted
    assert len(members) == COUNTS[code]
    walk = [section.key for section in members if section.walked]
    assert walk == [key for key in ORDER[kind.family].split() if key in wanted]


def test_the_contents_page_can_be_printed() -> None:
    printed = io.StringIO()
    call_command("sections", "--json", stdout=printed)
    found = json.loads(printed.getvalue())
    assert {code: len(keys) for code, keys in found.items()} == COUNTS


@pytest.mark.parametrize("code", list(TYPES))
def test_order_and_place_have_no_clash(code: str) -> None:
    kind = TYPES[code]
    members = sections_of(kind)
    for numbers in ([each.order[kind.family] for each in members], [each.place for each in members]):
        assert [number for number, times in Counter(numbers).items() if times > 1] == []


@pytest.mark.parametrize("section", all_sections(), ids=lambda section: section.key)
def test_a_section_is_declared_completely(section: type[Section]) -> None:
    assert section.title
    assert section.group in GROUPS
    assert set(section.order) <= {family.value for family in Family}
    asked = [name for page in section.pages for name in page.questions]
    assert len(asked) == len(set(asked))
    for question in section.questions().values():
        for upon in question.when.questions if question.when else ():
            assert upon in section.questions(), f"{question.name} depends on {upon}, which is not asked"


ENTRIES = [kind for kind in Answered.kinds if issubclass(kind, Entry)]


@pytest.mark.parametrize("kind", ENTRIES, ids=lambda kind: kind.__name__)
def test_an_entry_is_declared_completely(kind: type[Entry]) -> None:
    assert kind.section in all_sections()
    assert kind.one
    assert kind.many
    assert set(kind.columns) <= set(kind.questions())
    fields = {field.name for field in kind._meta.fields if isinstance(field, Question)}
    assert fields == set(kind.questions()), "every column is asked somewhere"


def same_as_typed(owner: Answered) -> None:
    """What is stored, posted again through every page's form, is accepted and comes out the same."""
    for page in owner.asked_pages():
        data = QueryDict(mutable=True)
        for name in page.questions:
            question = owner.questions()[name]
            if owner.asked(question):
                for field, value in posted(question, getattr(owner, name)).items():
                    data.setlist(field, value if isinstance(value, list) else [str(value)])
        form = PageForm(owner, page, data)
        assert form.is_valid(), (owner, page.slug, dict(form.errors))
        for question in form.questions:
            if owner.asked(question):
                sent, stored = form.cleaned_data.get(question.name), getattr(owner, question.name)
                assert question.json(sent) == question.json(stored), question.name


@pytest.mark.django_db
@pytest.mark.parametrize(("code", "seed"), [(code, seed) for code in TYPES for seed in range(2)])
def test_sample_answers_make_a_finished_report(code: str, seed: int) -> None:
    report = make_report(make_person(code), code)
    fill(report, seed)
    answers = Answers(report)
    for section in answers.sections():
        same_as_typed(section)
        for kind in section.entry_kinds():
            for entry in section.entries(kind):
                same_as_typed(entry)
    for section in answers.sections():
        state = section.state()
        if state.key == "not-matching":
            section.explanation = "One receipt was lost."  # type: ignore[attr-defined]
            section.save()
            state = section.state()
        assert state.finished, (section.key, seed, state)


@pytest.mark.django_db
@pytest.mark.parametrize("code", list(TYPES))
def test_answers_come_back_in_summary_and_payload(code: str) -> None:
    report = make_report(make_person(code), code)
    fill(report, 7)
    for section in Answers(report).sections():
        frozen = section.frozen()
        jsonschema.validate(frozen, type(section).frozen_schema())
        shown = "\n".join(
            [row.text for block in section.blocks() if isinstance(block, Rows) for row in block.rows]
            + [row.text for kind in section.entry_kinds() for entry in section.entries(kind) for row in entry.rows()]
        )
        for word in frozen["words"]:
            assert word["text"] in shown


@pytest.mark.django_db
@pytest.mark.parametrize("code", list(TYPES))
def test_an_empty_report_says_what_is_missing_in_words(code: str) -> None:
    report = make_report(make_person(code), code)
    for section in Answers(report).sections():
        state = section.state()
        if section.key == "moneyTransfers":
            assert state.finished
            continue
        assert state.key == "not-started"
        assert all(lack.text and "{" not in lack.text for lack in state.missing)
        assert state.missing


def texts_of(kind: type[Section]) -> list[tuple[str, Any]]:
    return [(name, each) for name, each in kind.questions().items() if isinstance(each, LongText | Text)]


class AnyText(TestCase):
    """Whatever a person can type comes back as it was stored."""

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.text(max_size=400), st.integers(0, 10_000))
    def test_free_text_is_stored_and_shown_exactly(self, typed: str, seed: int) -> None:
        chance = random.Random(seed)
        section_kind = chance.choice([kind for kind in all_sections() if texts_of(kind)])
        code = next(code for code, kind in TYPES.items() if section_kind in sections_of(kind))
        report = make_report(make_person(code), code)
        section: Any = Answers(report)[section_kind]
        name, question = chance.choice(texts_of(section_kind))
        cleaned = question.form_field(section).clean(typed)
        if cleaned is None:
            return
        setattr(section, name, cleaned[: getattr(question, "max_length", None) or None])
        section.save()
        again: Any = Answers(report)[section_kind]
        assert getattr(again, name) == getattr(section, name)
        assert question.text(getattr(again, name)) == getattr(section, name)
