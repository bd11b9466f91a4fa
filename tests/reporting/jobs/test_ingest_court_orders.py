"""The court-order file, read at night (deputy-admin 9.4, deputy-reports 1.1)."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from foundation import clock
from foundation.clients import storage
from reporting.jobs.ingest_court_orders import ingest_court_orders
from reporting.people.ingest.rows import BadFile
from reporting.people.models import CourtOrder, CourtOrderDeputy, Deputy, IngestRun
from reporting.reports.creation import create_report, type_for
from reporting.reports.models import Report
from tests.reporting.people.making import make_client, make_row, make_user

pytestmark = pytest.mark.django_db

SAMPLE = Path(__file__).parents[2] / "data" / "sample_deputyships_report.csv"


def row(order: str = "992000000001", deputy: str = "990000000001", **changed: str) -> dict[str, str]:
    return {
        "OrderUid": order, "OrderType": "pfa", "OrderMadeDate": "2021-04-14", "OrderStatus": "ACTIVE",
        "CaseNumber": "90000001", "DeputyUid": deputy, "DeputyType": "LAY", "DeputyStatusOnOrder": "ACTIVE",
        "ReportType": "OPG102", "IsHybrid": "0",
    } | changed  # fmt: skip


def hw(order: str = "992000000002", deputy: str = "990000000001", **changed: str) -> dict[str, str]:
    return row(order, deputy, **({"OrderType": "hw", "ReportType": "OPG104"} | changed))


def counts() -> dict[str, int]:
    return IngestRun.objects.latest("pk").counts


def kinds() -> dict[str, str]:
    return dict(CourtOrder.objects.values_list("uid", "kind"))


def test_orders_deputies_and_their_state_are_stored_and_the_same_file_again_changes_nothing(
    put_orders: Any, everything: Any
) -> None:
    make_row()
    client = make_client()
    put_orders(row(), row(deputy="990000000002", DeputyStatusOnOrder="DISCHARGED"))
    ingest_court_orders()
    order = client.orders.get()
    assert (order.type, order.report_type, order.made_date, order.kind) == (
        "pfa",
        "OPG102",
        date(2021, 4, 14),
        "single",
    )
    states = CourtOrderDeputy.objects.values_list("deputy__uid", "deputy__last_name", "is_active")
    assert set(states) == {("990000000001", "Examplea", True), ("990000000002", "", False)}
    before = everything()
    ingest_court_orders()
    assert everything() == before


def test_the_sample_file_of_the_case_system_is_read_whole() -> None:
    for number in ("90000001", "90000002", "9000003T"):
        make_client(number)
    storage.store().put("ingest/sample_deputyships_report.csv", SAMPLE.read_bytes(), "text/csv")
    ingest_court_orders()
    assert counts()["refused"] == 0
    assert counts()["waiting"] == 1
    assert dict(CourtOrder.objects.values_list("uid", "status")) == {
        "992000000001": "ACTIVE",
        "992000000002": "ACTIVE",
        "992000000003": "CLOSED",
    }


def test_an_order_waits_until_its_client_exists(put_orders: Any) -> None:
    put_orders(row())
    ingest_court_orders()
    assert (CourtOrder.objects.count(), Deputy.objects.count(), counts()["waiting"]) == (0, 0, 1)
    make_client()
    ingest_court_orders()
    assert CourtOrder.objects.count() == 1


def test_an_order_of_a_deputy_who_registered_is_theirs_to_see(put_orders: Any) -> None:
    user = make_user(uid="990000000001")
    make_client("90000001", user)
    put_orders(row())
    ingest_court_orders()
    assert CourtOrder.objects.visible_to(user).count() == 1


def test_changed_states_are_taken_over(put_orders: Any) -> None:
    user = make_user(uid="990000000001")
    make_client("90000001", user)
    put_orders(row())
    ingest_court_orders()
    put_orders(row(DeputyStatusOnOrder="DISCHARGED", ReportType="OPG103"))
    ingest_court_orders()
    assert not CourtOrder.objects.visible_to(user).exists()
    assert CourtOrder.objects.get().report_type == "OPG103"
    assert (counts()["orders_changed"], counts()["links_changed"]) == (1, 1)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([row()], {"992000000001": "single"}),
        ([row(), hw()], {"992000000001": "hybrid", "992000000002": "hybrid"}),
        ([row(), hw(deputy="990000000002")], {"992000000001": "dual", "992000000002": "dual"}),
        (
            [row(), row(deputy="990000000002"), hw()],
            {"992000000001": "dual", "992000000002": "dual"},
        ),
        (
            [row(), row(deputy="990000000002", DeputyStatusOnOrder="DISCHARGED"), hw()],
            {"992000000001": "hybrid", "992000000002": "hybrid"},
        ),
        ([row(), hw(OrderStatus="CLOSED")], {"992000000001": "single", "992000000002": "single"}),
        (
            [row(), row("992000000003", OrderMadeDate="2023-01-01"), hw()],
            {"992000000001": "single", "992000000002": "hybrid", "992000000003": "hybrid"},
        ),
    ],
    ids=["one order", "same deputies", "other deputies", "one deputy more", "discharged", "closed", "two of a type"],
)
def test_the_kind_comes_from_the_sets_of_active_deputies(
    put_orders: Any, everything: Any, rows: list[dict[str, str]], expected: dict[str, str]
) -> None:
    make_client()
    put_orders(*rows)
    ingest_court_orders()
    assert kinds() == expected
    for order in CourtOrder.objects.exclude(kind="single"):
        assert order.sibling is not None
        assert (order.sibling.sibling, order.sibling.kind) == (order, order.kind)
    before = everything()
    ingest_court_orders()
    assert everything() == before


def test_two_active_orders_of_a_type_and_a_wrong_flag_are_for_a_person_to_see(put_orders: Any) -> None:
    make_client()
    put_orders(row(IsHybrid="1"), row("992000000003", OrderMadeDate="2023-01-01"))
    ingest_court_orders()
    assert counts()["flagged"] == 2
    assert {note["reason"] for note in IngestRun.objects.get().refused} == {
        "2 active pfa orders: the newest is used",
        "the deputies make this order single, the file's flag says otherwise",
    }


def test_siblings_change_partners(put_orders: Any) -> None:
    make_client()
    put_orders(row(), hw())
    ingest_court_orders()
    put_orders(row(OrderStatus="CLOSED"), row("992000000003", OrderMadeDate="2023-01-01"), hw())
    ingest_court_orders()
    assert kinds() == {"992000000001": "single", "992000000002": "hybrid", "992000000003": "hybrid"}
    put_orders(row("992000000003", OrderMadeDate="2023-01-01"))
    ingest_court_orders()
    assert set(kinds().values()) == {"single"}
    assert not CourtOrder.objects.exclude(sibling=None).exists()


@pytest.mark.parametrize(
    ("rows", "types"),
    [
        ([row(ReportType="OPG103")], {"103"}),
        ([row(ReportType="")], {"102"}),
        ([hw(ReportType="OPG102")], {"104"}),
        ([row(ReportType="OPG103"), hw()], {"103-4"}),
        ([row(), hw(deputy="990000000002")], {"102", "104"}),
        ([row(DeputyType="PRO")], {"102-5"}),
        ([row(DeputyType="PA", DeputyStatusOnOrder="DISCHARGED"), row(deputy="990000000002")], {"102"}),
    ],
)
def test_orders_say_which_type_of_report_they_need(
    put_orders: Any, rows: list[dict[str, str]], types: set[str]
) -> None:
    make_client()
    put_orders(*rows)
    ingest_court_orders()
    assert {type_for([order]) for order in CourtOrder.objects.all()} == types


@pytest.mark.parametrize(
    ("type", "made", "linked"),
    [
        ("102", "2021-04-14", {"pfa"}),
        ("104", "2021-04-14", {"hw"}),
        ("103-4", "2021-04-14", {"pfa", "hw"}),
        ("102", "2026-05-05", set()),
        ("102", "2026-05-04", {"pfa"}),
    ],
)
def test_reports_are_linked_to_the_orders_they_fit(put_orders: Any, type: str, made: str, linked: set[str]) -> None:
    client = make_client()
    report = create_report(client, type, date(2025, 4, 14), date(2026, 4, 13))
    # A single report stays one only while the deputies of the two orders differ.
    other = "990000000001" if "-4" in type else "990000000002"
    put_orders(row(OrderMadeDate=made), hw(deputy=other, OrderMadeDate=made))
    ingest_court_orders()
    assert {order.type for order in report.orders.all()} == linked


def test_a_closed_order_is_linked_only_to_what_was_submitted(put_orders: Any) -> None:
    client = make_client()
    report = create_report(client, "102", date(2025, 4, 14), date(2026, 4, 13))
    put_orders(row(OrderStatus="CLOSED"))
    ingest_court_orders()
    assert not report.orders.exists()
    Report.objects.update(submitted=True)
    ingest_court_orders()
    assert report.orders.count() == 1


def test_a_file_that_lacks_many_orders_is_not_applied(put_orders: Any, everything: Any) -> None:
    for number in range(30):
        make_client(f"{91000000 + number}")
    everybody = [row(f"{number}", CaseNumber=f"{91000000 + number}") for number in range(30)]
    put_orders(*everybody)
    ingest_court_orders()
    before = everything()
    put_orders(*everybody[:9])
    with pytest.raises(BadFile, match="lacks 21 of 30"):
        ingest_court_orders()
    assert everything() == before


@pytest.mark.parametrize(
    "changed", [{"OrderUid": ""}, {"OrderMadeDate": "soon"}, {"IsHybrid": "maybe"}, {"DeputyType": "FRIEND"}]
)
def test_bad_rows_are_reported(put_orders: Any, changed: dict[str, str]) -> None:
    make_client()
    put_orders(row("992000000009", **changed) if "OrderUid" not in changed else row(**changed), row())
    ingest_court_orders()
    assert (counts()["refused"], CourtOrder.objects.count()) == (1, 1)
    assert IngestRun.objects.get().refused[0]["line"] == 2


def test_the_day_of_a_discharge_is_kept_and_goes_with_a_new_appointment(put_orders: Any, everything: Any) -> None:
    """What was submitted until that day stays theirs to read (people 2.4b). Without a day in the file it is today."""
    make_client()
    put_orders(
        row(deputy="990000000001", DeputyStatusOnOrder="DISCHARGED", DeputyStatusChangeDate="2025-01-31"),
        row(deputy="990000000002", DeputyStatusOnOrder="DISCHARGED"),
        row(deputy="990000000003", DeputyStatusChangeDate="2025-01-31"),
    )
    ingest_court_orders()
    assert list(CourtOrderDeputy.objects.order_by("deputy__uid").values_list("is_active", "discharged_on")) == [
        (False, date(2025, 1, 31)), (False, clock.today()), (True, None),
    ]  # fmt: skip
    before = everything()
    ingest_court_orders()
    assert everything() == before
    put_orders(row(deputy="990000000001"))
    ingest_court_orders()
    assert CourtOrderDeputy.objects.get(deputy__uid="990000000001").discharged_on is None


@pytest.mark.defect("admin 9.4", 'IsHybrid: "false" counts as hybrid')
@pytest.mark.parametrize("flag", ["false", "0", "No", ""])
def test_a_flag_that_says_no_is_no(put_orders: Any, flag: str) -> None:
    make_client()
    put_orders(row(IsHybrid=flag))
    ingest_court_orders()
    assert (counts()["flagged"], counts()["refused"]) == (0, 0)


def test_a_change_of_kind_splits_and_merges_the_open_report_in_the_same_run(put_orders: Any) -> None:
    client = make_client()
    put_orders(row(), hw())
    ingest_court_orders()
    report = create_report(client, "102-4", date(2025, 4, 14), date(2026, 4, 13))
    put_orders(row(), hw(deputy="990000000002"))
    ingest_court_orders()
    assert counts()["reports_split"] == 1
    assert dict(Report.objects.values_list("type", "orders__type")) == {"102": "pfa", "104": "hw"}
    put_orders(row(), hw())
    ingest_court_orders()
    assert counts()["reports_merged"] == 1
    assert Report.objects.get() == report
    assert {order.type for order in report.orders.all()} == {"pfa", "hw"}
