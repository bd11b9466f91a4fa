"""The lay file, read at night (deputy-admin 9.2; D-062 to D-065, D-069)."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from foundation.audit import AuditEvent
from foundation.clients import storage
from foundation.jobs import JobRun
from reporting.jobs.ingest_lay import ingest_lay
from reporting.people.ingest.rows import BadFile
from reporting.people.models import Client, CourtOrder, IngestRun, PreRegistration
from reporting.reports.creation import create_report
from reporting.reports.models import Report
from tests.reporting.people.making import make_client, make_order, make_row, make_user

pytestmark = pytest.mark.django_db

SAMPLE = Path(__file__).parents[2] / "data" / "sample_lay_report.csv"


def row(number: int = 1, **changed: str) -> dict[str, str]:
    return {
        "Case": f"{90000000 + number}", "ClientFirstname": "Clientone", "ClientSurname": "Examplea",
        "ClientAddress1": f"{number} Sample Road", "ClientAddress2": "Testham", "ClientPostcode": "ZZ1 1AA",
        "DeputyUid": f"{990000000000 + number}", "DeputyFirstname": "Deputyone", "DeputySurname": "Examplea",
        "DeputyPostcode": "ZZ1 1AA", "ReportType": "OPG102", "MadeDate": "2021-04-14", "OrderType": "pfa",
        "CoDeputy": "no", "Hybrid": "SINGLE",
    } | changed  # fmt: skip


def counts() -> dict[str, int]:
    return IngestRun.objects.latest("pk").counts


def test_d062_rows_are_stored_and_the_same_file_again_changes_nothing(put_lay: Any, everything: Any) -> None:
    put_lay(*map(row, range(1, 5)))
    run = ingest_lay()
    assert (run.ok, run.detail["added"], PreRegistration.objects.count()) == (True, 4, 4)
    before = everything()
    assert ingest_lay().detail["added"] == 0
    assert everything() == before


def test_the_sample_file_of_the_case_system_is_read_whole() -> None:
    storage.store().put("ingest/sample_lay_report.csv", SAMPLE.read_bytes(), "text/csv")
    ingest_lay()
    assert PreRegistration.objects.count() == 6
    assert counts()["refused"] == 0
    third = PreRegistration.objects.get(case_number="9000003T")
    assert (third.client_last_name, third.deputy_postcode, third.order_date) == ("Éxample-C", "", date(2020, 2, 29))


def test_d063_a_bad_row_is_reported_with_its_line_and_the_rest_is_stored(put_lay: Any) -> None:
    put_lay(row(1), row(2, Case="", ClientSurname="", DeputyUid="", DeputySurname=""))
    assert ingest_lay().ok
    assert PreRegistration.objects.count() == 1
    run = IngestRun.objects.get()
    assert run.refused == [{"line": 3, "reason": "Case, ClientSurname, DeputyUid, DeputySurname missing"}]
    assert run.sha256
    assert run.key == "ingest/lay_report.csv"


def test_d064_an_unknown_report_type_is_reported(put_lay: Any) -> None:
    put_lay(row(1, ReportType="OPG109"), row(2))
    ingest_lay()
    assert [kept.case_number for kept in PreRegistration.objects.all()] == ["90000002"]
    assert IngestRun.objects.get().refused[0]["case_number"] == "90000001"


def test_what_the_file_no_longer_has_goes_and_what_changed_is_replaced(put_lay: Any) -> None:
    put_lay(row(1), row(2))
    ingest_lay()
    kept = PreRegistration.objects.get(case_number="90000001").pk
    put_lay(row(1), row(3))
    ingest_lay()
    assert set(PreRegistration.objects.values_list("case_number", flat=True)) == {"90000001", "90000003"}
    assert PreRegistration.objects.get(case_number="90000001").pk == kept


def test_the_newest_file_is_read(put_lay: Any, folder: Path) -> None:
    import os

    put_lay(row(1), name="lay_report_1.csv")
    put_lay(row(2), name="LAY_REPORT_2.csv")
    os.utime(folder / "ingest" / "lay_report_1.csv", (1_000_000_000, 1_000_000_000))
    ingest_lay()
    assert PreRegistration.objects.get().case_number == "90000002"


@pytest.mark.parametrize(
    ("tonight", "reason"),
    [
        ([row(number) for number in range(1, 71)], "lacks 30 of 100"),
        ([row(number, ReportType="" if number > 75 else "OPG102") for number in range(1, 101)], "25 of 100 rows"),
        ([], "no usable rows"),
    ],
)
def test_a_suspicious_file_fails_loudly_and_changes_nothing(
    put_lay: Any, everything: Any, tonight: list[dict[str, str]], reason: str
) -> None:
    put_lay(*map(row, range(1, 101)))
    ingest_lay()
    before = everything()
    put_lay(*tonight)
    with pytest.raises(BadFile, match=reason):
        ingest_lay()
    assert everything() == before
    assert IngestRun.objects.latest("pk").ok is False
    assert reason in IngestRun.objects.latest("pk").error
    assert JobRun.objects.latest("pk").ok is False


def test_a_fault_half_way_leaves_the_old_rows(put_lay: Any, everything: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    put_lay(row(1))
    ingest_lay()
    before = everything()
    put_lay(row(2))
    monkeypatch.setattr("reporting.people.ingest.lay.link_users", lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        ingest_lay()
    assert everything() == before


def test_no_file_is_a_failure() -> None:
    with pytest.raises(BadFile, match="There is no file"):
        ingest_lay()
    assert JobRun.objects.get().ok is False


def test_text_in_another_encoding_is_refused_as_a_whole() -> None:
    storage.store().put("ingest/lay_report.csv", "Case\nÉ".encode("latin-1"), "text/csv")
    with pytest.raises(BadFile, match="UTF-8"):
        ingest_lay()


def test_d065_a_registered_deputy_gets_the_second_client_once(put_lay: Any, everything: Any) -> None:
    user = make_user(uid="990000000001")
    first = make_client("90000001", user)
    create_report(first, "102", date(2025, 4, 14), date(2026, 4, 13))
    put_lay(row(1), row(5, DeputyUid="990000000001", ReportType="OPG103", MadeDate="2024-06-01"))
    ingest_lay()
    assert user.clients.live().count() == 2
    second = Client.objects.get(case_number="90000005")
    assert (second.address1, second.postcode, second.court_date) == ("5 Sample Road", "ZZ1 1AA", date(2024, 6, 1))
    report = second.reports.get()
    assert (report.type, report.start, report.end) == ("103", date(2024, 6, 1), date(2025, 5, 31))
    assert counts()["clients_added"] == counts()["reports_added"] == 1
    before = everything()
    ingest_lay()
    assert everything() == before


@pytest.mark.parametrize(
    "profile", [{"registered": False}, {"is_primary": False}], ids=["still registering", "not the primary account"]
)
def test_only_registered_primary_accounts_get_clients(put_lay: Any, profile: dict[str, bool]) -> None:
    make_user(uid="990000000001", **profile)
    put_lay(row(1))
    ingest_lay()
    assert not Client.objects.exists()


def test_missing_links_between_users_and_clients_are_added(put_lay: Any) -> None:
    first, second = make_user("1@example.org", "990000000001"), make_user("2@example.org", "990000000002")
    client = make_client("90000001", first)
    put_lay(row(1), row(1, DeputyUid="990000000002"))
    ingest_lay()
    assert set(client.users.all()) == {first, second}


def test_a_dual_case_gets_one_report_about_each_thing(put_lay: Any) -> None:
    make_client("90000001", make_user(uid="990000000001"))
    put_lay(row(1, Hybrid="DUAL"), row(1, Hybrid="DUAL", OrderType="hw", ReportType="OPG104", MadeDate="2022-01-01"))
    ingest_lay()
    assert {(kept.type, kept.start) for kept in Report.objects.all()} == {
        ("102", date(2021, 4, 14)),
        ("104", date(2022, 1, 1)),
    }


def a_report(type: str = "102", **fields: Any) -> Report:
    client = make_client("90000001", make_user(uid="990000000001"))
    report = create_report(client, type, date(2025, 4, 14), date(2026, 4, 13))
    Report.objects.filter(pk=report.pk).update(**fields)
    return report


@pytest.mark.parametrize(
    ("said", "type"),
    [
        ({"ReportType": "OPG103"}, "103"),
        ({"ReportType": "OPG103", "Hybrid": "HYBRID"}, "103-4"),
        ({"ReportType": "OPG104", "OrderType": "hw"}, "104"),
        ({"ReportType": "OPG103", "Hybrid": "DUAL"}, "103"),
        ({"ReportType": "OPG103", "Hybrid": "DUAL", "DeputyUid": "990000000009"}, "102"),
    ],
)
def test_d069_the_type_of_an_open_report_follows_the_file(put_lay: Any, said: dict[str, str], type: str) -> None:
    report = a_report()
    put_lay(row(1, **said))
    ingest_lay()
    report.refresh_from_db()
    assert report.type == type
    assert AuditEvent.objects.filter(event="REPORT_TYPE_CHANGED").count() == counts()["types_changed"]


@pytest.mark.parametrize("state", ["submitted", "reopened"])
def test_d069_a_report_that_was_submitted_is_never_changed(put_lay: Any, state: str) -> None:
    from foundation import clock

    fields = {"submitted": True} if state == "submitted" else {"reopened_at": clock.now()}
    report = a_report(submitted_at=clock.now(), **fields)
    put_lay(row(1, ReportType="OPG103"))
    ingest_lay()
    report.refresh_from_db()
    assert report.type == "102"


def test_orders_decide_whether_a_report_is_a_joint_one(put_lay: Any) -> None:
    report = a_report()
    order = make_order(report.client, kind=CourtOrder.Kind.HYBRID)
    report.orders.add(order)
    put_lay(row(1, ReportType="OPG103", Hybrid="SINGLE"))
    ingest_lay()
    report.refresh_from_db()
    assert report.type == "103-4"


@pytest.mark.django_db(transaction=True)
def test_readers_see_the_old_rows_until_all_new_ones_are_there(put_lay: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from threading import Thread

    from reporting.home import ingest_reports

    make_row(case_number="90000099")
    seen: list[list[str]] = []

    def look() -> None:
        seen.append(list(PreRegistration.objects.values_list("case_number", flat=True)))
        connection.close()

    def peek(cases: Any) -> int:
        reader = Thread(target=look)
        reader.start()
        reader.join()
        return 0

    monkeypatch.setattr(ingest_reports, "add_lay_reports", peek)
    put_lay(row(1), row(2))
    ingest_lay()
    look()
    assert seen == [["90000099"], ["90000001", "90000002"]]


@pytest.mark.django_db(transaction=True)
@pytest.mark.defect("admin 9.2", "the wipe and refill is not one transaction: registration is impossible while it runs")
def test_people_register_while_the_file_is_applied(put_lay: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """With all new rows in place but not committed, who is in the old file registers at once; afterwards who is in
    the new one, and the other no longer.
    """
    from concurrent.futures import ThreadPoolExecutor

    from foundation.accounts.models import User
    from reporting.home import ingest_reports, registration
    from reporting.people.matching import NotMatched

    make_row(case_number="90000099", deputy_first_name="Deputynine", deputy_uid="990000000099")

    def register(case: str, first_name: str, email: str) -> None:
        names = {"first_name": first_name, "last_name": "Examplea"}
        about = {"client_first_name": "Clientone", "client_last_name": "Examplea", "case_number": case}
        try:
            registration.register(names | about | {"email": email, "postcode": "ZZ1 1AA"})
        finally:
            connection.close()

    def meanwhile(cases: Any) -> int:
        with ThreadPoolExecutor(1) as other:
            other.submit(register, "90000099", "Deputynine", "nine@example.org").result(timeout=20)
            with pytest.raises(NotMatched):
                other.submit(register, "90000001", "Deputyone", "one@example.org").result(timeout=20)
        return 0

    monkeypatch.setattr(ingest_reports, "add_lay_reports", meanwhile)
    put_lay(row(1), row(2))
    ingest_lay()
    assert [user.email for user in User.objects.all()] == ["nine@example.org"]
    register("90000001", "Deputyone", "one@example.org")
    with pytest.raises(NotMatched):
        register("90000099", "Deputynine", "other@example.org")
    assert User.objects.count() == 2
