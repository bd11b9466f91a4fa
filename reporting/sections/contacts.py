"""The people whom the deputy consulted about the client."""

from reporting.engine.conditions import no, yes
from reporting.engine.questions import Choice, LongText, Text, YesNo
from reporting.engine.report_types import ReportType
from reporting.engine.section import Entry, Section, page
from reporting.sections.countries import COUNTRIES


class Contacts(Section):
    key = "contacts"
    title = "People you consulted"
    group = "decisions"
    order = {"lay": 20, "pa": 20, "prof": 20}
    place = 50
    description = "Family, carers, doctors and others you spoke to about {client}"
    intro = (
        "Tell us about the people you consulted about {client} from {start} to {end}: family, carers, doctors and "
        "others."
    )
    gather = ("Names and addresses of the people you consulted about {client}",)
    checklist = "Satisfied that the right people were consulted?"

    consulted = YesNo(
        "Did you consult anybody about {client}?", missing="Select yes if you consulted anybody", last_year=False
    )
    reason = LongText(
        "Why did you consult nobody?", when=no("consulted"), missing="Explain why you consulted nobody", last_year=False
    )

    pages = (page("consulted", "reason", title="People you consulted"),)

    @staticmethod
    def applies_to(kind: ReportType) -> bool:
        return True


class Contact(Entry):
    section = Contacts
    when = yes("consulted")
    one, many = "contact", "contacts"
    columns = ("contact_name", "relationship")

    contact_name = Text(
        "Name", min_length=2, max_length=255, missing="Enter the name of the person", samples=("Robin Example",)
    )
    relationship = Text(
        "How does this person know {client}?",
        min_length=2,
        max_length=100,
        short="Relationship",
        hint="For example, sister, doctor or care home manager",
        missing="Enter how this person knows {client}",
        samples=("Sister", "Care home manager"),
    )
    explanation = LongText(
        "Why did you consult them?",
        min_length=6,
        rows=3,
        missing="Explain why you consulted this person",
    )
    address = Text("Address line 1 (optional)", max_length=200, required=False)
    address2 = Text("Address line 2 (optional)", max_length=200, required=False)
    county = Text("County (optional)", max_length=200, required=False)
    postcode = Text("Postcode (optional)", max_length=10, width="10", required=False, samples=("ZZ1 1AA",))
    country = Choice("Country (optional)", options=COUNTRIES, select=True, required=False, personal=True)

    pages = (
        page(
            "contact_name",
            "relationship",
            "explanation",
            "address",
            "address2",
            "county",
            "postcode",
            "country",
            title="Person you consulted",
        ),
    )
