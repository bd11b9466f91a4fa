"""The PA/PROF file, read at night (deputy-admin 9.3; D-067 to D-069, D-073, D-074, D-080)."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from foundation import clock
from foundation.audit import AuditEvent
from foundation.clients import storage
from reporting.jobs.ingest_pa_prof import ingest_pa_prof
from reporting.people.models import Client, Deputy, IngestRun
from reporting.people.organisations import actions as organisations
from reporting.people.organisations.models import Organisation
from reporting.reports.models import Report
from tests.reporting.people.making import make_client, make_order, make_user

pytestmark = pytest.mark.django_db

SAMPLE = Path(__file__).parents[2] / "data" / "sample_pa_pro_report.csv"


def row(number: int = 1, **changed: str) -> dict[str, str]:
    return {
        "Case": f"{91000000 + number}", "ClientForename": "Clientsix", "ClientSurname": f"Example{number}",
        "ClientDateOfBirth": "1950-01-31", "ClientAddress1": f"{number} Sample Road", "ClientPostcode": "ZZ1 1AF",
        "DeputyUid": f"{991000000000 + number}", "DeputyType": "PRO", "DeputyEmail": f"team@firm-{number}.example",
        "DeputyOrganisation": f"Firm {number} Invented LLP", "DeputyForename": "Solicitorone",
        "DeputySurname": "Exampleg", "DeputyAddress1": "1 Office Lane", "DeputyPostcode": "ZZ3 3CC",
        "MadeDate": "2019-08-09", "LastReportDay": "2026-08-08", "ReportType": "OPG102", "OrderType": "pfa",
        "Hybrid": "SINGLE",
    } | changed  # fmt: skip


def run() -> IngestRun:
    ingest_pa_prof()
    return IngestRun.objects.latest("pk")


def test_d067_clients_deputies_organisations_and_reports_are_stored_and_the_same_file_again_changes_nothing(
    put_pa_prof: Any, everything: Any
) -> None:
    """D-067, in the style of D-062: three rows, two deputies, two organisations."""
    first = {"DeputyUid": "991000000001", "DeputyEmail": "team@firm-1.example"}
    put_pa_prof(row(1), row(2, **first), row(3, DeputyType="PA", ReportType="OPG104", OrderType="hw"))
    counts = run().counts
    added = {name: counts[f"{name}_added"] for name in ("clients", "deputies", "organisations", "reports")}
    assert added == {"clients": 3, "deputies": 2, "organisations": 2, "reports": 3}
    client = Client.objects.get(case_number="91000001")
    organisation = Organisation.objects.get(identifier="firm-1.example")
    assert (organisation.name, organisation.is_activated) == ("Firm 1 Invented LLP", False)
    assert (client.organisation, client.deputy.uid, client.court_date) == (  # type: ignore[union-attr]
        organisation, "991000000001", date(2019, 8, 9),
    )  # fmt: skip
    report = client.reports.get()
    assert (report.type, report.start, report.end) == ("102-5", date(2025, 8, 9), date(2026, 8, 8))
    assert report.due == date(2026, 10, 3)
    assert Report.objects.get(client__case_number="91000003").type == "104-6"
    events = AuditEvent.objects.values_list("event", flat=True)
    assert {"ORG_CREATED", "REPORT_CREATED", "CSV_INGESTED"} <= set(events)
    before, audited = everything(), AuditEvent.objects.exclude(event="CSV_INGESTED").count()
    assert {name: count for name, count in run().counts.items() if count} == {"rows": 3}
    assert (everything(), AuditEvent.objects.exclude(event="CSV_INGESTED").count()) == (before, audited)


def test_the_sample_file_of_the_case_system_is_read_whole() -> None:
    storage.store().put("ingest/sample_pa_pro_report.csv", SAMPLE.read_bytes(), "text/csv")
    found = run()
    assert (found.counts["refused"], found.refused) == (0, [])
    assert set(Report.objects.values_list("client__case_number", "type")) == {
        ("91000001", "102-5"), ("91000002", "103-5"), ("91000003", "104-6"), ("91000004", "102-5"),
    }  # fmt: skip
    council = Deputy.objects.get(uid="991000000002")
    assert (council.name, council.address1, council.kind) == ("", "Civic House", "PA")


def test_d074_rows_without_what_is_required_are_refused_with_their_line(put_pa_prof: Any) -> None:
    put_pa_prof(
        row(1, LastReportDay="", MadeDate="", DeputyEmail=""),
        row(2, DeputyEmail="nobody"),
        row(3, DeputyType=""),
        row(4, ReportType="OPG109"),
        row(5, ReportType="OPG104", OrderType="hw"),
    )
    found = run()
    assert [(each["line"], each["case_number"]) for each in found.refused] == [
        (2, "91000001"), (3, "91000002"), (4, "91000003"), (5, "91000004"),
    ]  # fmt: skip
    assert found.refused[0]["reason"] == "LastReportDay, MadeDate, DeputyEmail missing"
    assert "nobody" not in str(found.refused)
    assert Client.objects.get().case_number == "91000005"


def test_d073_one_person_with_two_numbers_and_two_addresses_is_two_deputies(put_pa_prof: Any) -> None:
    put_pa_prof(row(1), row(2, DeputyEmail="team@firm-1.example", DeputyAddress1="2 Office Lane"))
    run()
    found = Deputy.objects.values_list("uid", "address1", "organisation__identifier")
    assert set(found) == {
        ("991000000001", "1 Office Lane", "firm-1.example"), ("991000000002", "2 Office Lane", "firm-1.example"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("made", "last", "start", "end"),
    [
        ("16-Dec-2014", "16-Dec-25", date(2024, 12, 17), date(2025, 12, 16)),
        ("16-Dec-14", "2024-02-29", date(2023, 3, 1), date(2024, 2, 29)),
        ("2014-12-16", "2025-02-28", date(2024, 2, 29), date(2025, 2, 28)),
    ],
)
def test_d080_dates_and_the_leap_day(put_pa_prof: Any, made: str, last: str, start: date, end: date) -> None:
    put_pa_prof(row(1, MadeDate=made, LastReportDay=last))
    run()
    report = Report.objects.get()
    assert (report.start, report.end, report.client.court_date) == (start, end, date(2014, 12, 16))


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"OrderType": "hw"}, "102-4-5"),
        ({"OrderType": "hw", "ReportType": "OPG103", "DeputyType": "PA"}, "103-4-6"),
        ({"OrderType": "hw", "ReportType": "OPG104"}, "104-5"),
        ({"OrderType": "", "Hybrid": ""}, "102-5"),
    ],
)
def test_the_type_is_the_files_digits_joint_for_health_and_the_realm(
    put_pa_prof: Any, values: dict[str, str], code: str
) -> None:
    put_pa_prof(row(1, **values))
    run()
    assert Report.objects.get().type == code


def test_archived_clients_are_skipped_and_cases_of_lay_deputies_refused(put_pa_prof: Any) -> None:
    make_client("91000001", archived_at=clock.now())
    make_client("91000002", make_user())
    make_client("91000003", discharged_at=clock.now())
    before = set(Client.objects.values_list("pk", flat=True))
    put_pa_prof(row(1), row(2), row(3))
    found = run()
    assert found.counts["skipped"] == 1
    assert [(each["line"], each["reason"]) for each in found.refused] == [
        (3, "the case number is already used by a lay deputy")
    ]
    assert Client.objects.exclude(pk__in=before).get().case_number == "91000003"


@pytest.mark.defect("admin 9.3", "DEPUTY_CHANGED_ORG is never written")
def test_a_deputy_who_changes_organisation_takes_clients_of_the_same_order_along(put_pa_prof: Any) -> None:
    other = {"DeputyUid": "991000000001", "DeputyEmail": "team@firm-1.example"}
    put_pa_prof(row(1), row(2, **other), row(3))
    run()
    old, new = "team@firm-1.example", "team@firm-9.example"
    put_pa_prof(row(1, DeputyEmail=new), row(2, **other | {"DeputyEmail": new, "MadeDate": "2020-01-01"}), row(3))
    counts = run().counts
    assert (counts["deputies_moved"], counts["deputies_updated"], counts["clients_updated"]) == (1, 1, 1)
    where = dict(Client.objects.values_list("case_number", "organisation__identifier"))
    # Another order: the file alone does not move the client, a person is told.
    assert where == {"91000001": "firm-9.example", "91000002": "firm-1.example", "91000003": "firm-3.example"}
    deputy = Deputy.objects.get(uid="991000000001")
    event = AuditEvent.objects.get(event="DEPUTY_CHANGED_ORG")
    before, after = (Organisation.objects.get(identifier=address.partition("@")[2]).pk for address in (old, new))
    assert (event.subject, event.before, event.after) == (
        f"reporting_deputy:{deputy.pk}", {"organisation": before}, {"organisation": after},
    )  # fmt: skip
    assert AuditEvent.objects.filter(event="CLIENT_CHANGED_ORG").count() == 1
    assert [note["case_number"] for note in IngestRun.objects.latest("pk").refused] == ["91000002"]


def test_d068_a_new_named_deputy_of_the_firm_and_new_details_are_taken_over(put_pa_prof: Any) -> None:
    """D-068; not in dual cases, where each deputy has an order of their own."""
    dual = {"Hybrid": "DUAL"}
    put_pa_prof(row(1), row(2, **dual))
    run()
    new = {"DeputyUid": "991000000009", "DeputyForename": "Solicitornine"}
    put_pa_prof(
        row(1, **new, DeputyEmail="nine@firm-1.example"),
        row(2, **dual | {"DeputyUid": "991000000008", "DeputyEmail": "team@firm-2.example"}),
    )
    counts = run().counts
    assert (counts["deputies_added"], counts["clients_updated"]) == (2, 1)
    assert dict(Client.objects.values_list("case_number", "deputy__uid")) == {
        "91000001": "991000000009", "91000002": "991000000002",
    }  # fmt: skip
    later = {"DeputyEmail": "n@firm-1.example", "DeputyAddress1": "3 Office Lane", "DeputyForename": ""}
    put_pa_prof(row(1, **new | later))
    assert run().counts["deputies_updated"] == 1
    deputy = Deputy.objects.get(uid="991000000009")
    assert (deputy.email, deputy.address1, deputy.first_name) == (
        "n@firm-1.example", "3 Office Lane", "Solicitornine",
    )  # fmt: skip


def test_d069_open_reports_follow_the_type_and_submitted_ones_never_change(put_pa_prof: Any) -> None:
    put_pa_prof(row(1), row(2))
    run()
    Report.objects.filter(client__case_number="91000002").update(submitted=True)
    put_pa_prof(row(1, ReportType="OPG103"), row(2, ReportType="OPG103"))
    assert run().counts["types_changed"] == 1
    assert dict(Report.objects.values_list("client__case_number", "type")) == {
        "91000001": "103-5", "91000002": "102-5",
    }  # fmt: skip
    assert AuditEvent.objects.filter(event="REPORT_TYPE_CHANGED").count() == 1


def test_a_report_is_linked_to_its_orders_when_it_is_made(put_pa_prof: Any) -> None:
    client = make_client("91000001")
    deputy = Deputy.objects.create(uid="991000000001", kind="PRO")
    order = make_order(client, deputy, made_date=date(2019, 8, 9))
    make_order(client, deputy, uid="992000000009", type="hw", status="CLOSED")
    put_pa_prof(row(1))
    run()
    assert list(client.reports.get().orders.all()) == [order]
    client.refresh_from_db()
    assert client.deputy == deputy
    assert client.organisation is not None


def test_organisations_are_found_by_whole_address_then_domain_and_deleted_ones_do_not_count(put_pa_prof: Any) -> None:
    """people 8.1: of a shared domain the whole address is the identifier."""
    whole = organisations.create("Whole", "one@firm-1.example", by=None, is_activated=True)
    part = organisations.create("Part", "firm-1.example", by=None, is_activated=True)
    gone = organisations.create("Gone", "firm-3.example", by=None)
    organisations.delete(gone, by=None)
    put_pa_prof(
        row(1, DeputyEmail="One@Firm-1.example"),
        row(2, DeputyEmail="two@firm-1.example"),
        row(3),
        row(4, DeputyEmail="some.body@gmail.com", DeputyOrganisation=""),
    )
    assert run().counts["organisations_added"] == 2
    found = dict(Client.objects.values_list("case_number", "organisation"))
    assert (found["91000001"], found["91000002"]) == (whole.pk, part.pk)
    assert found["91000003"] != gone.pk
    shared = Organisation.objects.get(pk=found["91000004"])
    assert (shared.identifier, shared.name, shared.is_activated) == (
        "some.body@gmail.com", "Organisation at some.body@gmail.com", False,
    )  # fmt: skip


def test_two_rows_of_a_dual_case_make_two_reports_and_only_the_clients_deputy_changes_types(put_pa_prof: Any) -> None:
    hw = {"OrderType": "hw", "ReportType": "OPG104", "MadeDate": "2018-01-01", "DeputyUid": "991000000002"}
    put_pa_prof(row(1, Hybrid="DUAL"), row(1, Hybrid="DUAL", **hw))
    assert run().counts["reports_added"] == 2
    assert set(Report.objects.values_list("type", flat=True)) == {"102-5", "104-5"}
    put_pa_prof(row(1, Hybrid="DUAL", ReportType="OPG103"), row(1, Hybrid="DUAL", **hw))
    assert run().counts["types_changed"] == 1
    assert set(Report.objects.values_list("type", flat=True)) == {"103-5", "104-5"}
