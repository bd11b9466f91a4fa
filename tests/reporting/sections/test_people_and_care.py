"""Decisions, people, care and plans, by the numbers of the acceptance cases."""

import pytest

from reporting.sections.actions import Actions
from reporting.sections.contacts import Contacts
from reporting.sections.decisions import Decisions
from reporting.sections.lifestyle import Lifestyle
from reporting.sections.other_info import OtherInfo
from reporting.sections.visits_care import VisitsCare
from tests.reporting.sections.pages import Pages, readable

pytestmark = pytest.mark.django_db


# People consulted


def test_the_united_kingdom_is_the_first_country_of_the_list(joint: Pages) -> None:
    joint.save("contacts/consulted", consulted="yes")
    text = joint.text("contacts/contact/add/")
    assert text.index("United Kingdom") < text.index("Afghanistan")


# Contacts, decisions

PERSON = {"contact_name": "Robin Example", "relationship": "Sister", "explanation": "About the move"}


def test_d137_contacts(joint: Pages) -> None:
    """D-137."""
    joint.save("contacts/consulted", consulted="no", reason="There was nobody")
    assert joint.state(Contacts) == "No contacts"
    joint.save("contacts/consulted", consulted="yes")
    again = joint.add("contacts", "contact", PERSON, another="yes")
    assert again.url.endswith("/contacts/contact/add/")
    assert joint.state(Contacts) == "1 contact"
    joint.add("contacts", "contact", PERSON)
    assert joint.state(Contacts) == "2 contacts"
    assert joint.text("contacts/?summary").count("Robin Example") >= 2


def test_d138_decisions(joint: Pages) -> None:
    """D-138."""
    joint.save("decisions/capacity", capacity="stayedSame")
    joint.save("decisions/assessed", assessed=("2", "2026"))
    joint.save("decisions/made", made="no", reason="Nothing had to be decided")
    text = joint.text("decisions/?summary")
    for shown in ("It has stayed the same", "February 2026", "Nothing had to be decided"):
        assert shown in text
    assert joint.state(Decisions) == "No decisions"


# Lifestyle, visits


def test_d165_lifestyle(joint: Pages) -> None:
    """D-165."""
    joint.save("lifestyle/care", care="The dentist in May")
    joint.save("lifestyle/activities", activities="yes", which="Singing, weekly")
    text = joint.text("lifestyle/?summary")
    assert "The dentist in May" in text
    assert "Singing, weekly" in text
    joint.save("lifestyle/activities", activities="no", why_none="Too tired")
    text = joint.text("lifestyle/?summary")
    assert "Too tired" in text
    assert "Singing" not in text
    assert joint.state(Lifestyle) == "Finished"


def test_d166_skipping_stores_nothing_and_empty_text_has_its_message(joint: Pages) -> None:
    """D-166."""
    assert "Skip for now" in joint.text("lifestyle/care")
    assert joint.state(Lifestyle) == "Not started"
    assert "Describe" in readable(joint.save("lifestyle/care", care=" "))
    assert "Describe the activities" in readable(joint.save("lifestyle/activities", activities="yes", which=""))
    assert "takes part in no activities" in readable(joint.save("lifestyle/activities", activities="no"))


def test_d167_visits_and_care(joint: Pages) -> None:
    """D-167."""
    joint.save("visits-care/live-together", live_together="yes")
    joint.save("visits-care/paid-care", paid_care="no")
    joint.save("visits-care/carers", carers="His brother")
    joint.save("visits-care/care-plan", care_plan="no")
    assert joint.state(VisitsCare) == "Finished"
    assert "How often do you visit" not in joint.text("visits-care/?summary")
    joint.save("visits-care/live-together", live_together="no", contact="Every Sunday")
    joint.save("visits-care/paid-care", paid_care="yes", funding="client_gets_financial_help")
    joint.save("visits-care/care-plan", care_plan="yes", plan_reviewed=("1", "2026"))
    text = joint.text("visits-care/?summary")
    for shown in ("Every Sunday", "with financial help", "January 2026"):
        assert shown in text
    assert joint.state(VisitsCare) == "Finished"


# Actions, other information


def test_d119_d120_actions(joint: Pages) -> None:
    """D-119, D-120."""
    joint.save("actions/expect", expect="no")
    joint.save("actions/concerns", concerns="no")
    assert joint.state(Actions) == "Finished"
    joint.save("actions/expect", expect="yes", expect_details="A move to a new home")
    joint.save("actions/concerns", concerns="yes", concern_details="The stairs")
    text = joint.text("actions/?summary")
    assert "A move to a new home" in text
    assert "The stairs" in text


def test_d122_other_information(joint: Pages) -> None:
    """D-122."""
    joint.save("other-info/more", more="no")
    assert joint.state(OtherInfo) == "Finished"
    joint.save("other-info/more", more="yes", details="She likes the garden")
    assert "She likes the garden" in joint.text("other-info/?summary")
