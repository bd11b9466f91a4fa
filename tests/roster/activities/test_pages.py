"""The pages of templates and activities (staff-roster 5, R-008, R-009, R-070)."""

from datetime import timedelta
from typing import Any

from foundation import clock
from roster.activities.models import Activity, Template, TemplateVersion
from roster.establishment.models import Establishment


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def row(number: int, activity: str, start: str, end: str, relative: str = "clock") -> dict[str, Any]:
    pk = Activity.objects.get(name=activity).pk
    values = {"activity": pk, "start": start, "end": end, "relative": relative}
    return {f"i{number}-{name}": value for name, value in values.items()}


def shift(start: str, end: str, *rows: dict[str, Any], **more: Any) -> dict[str, Any]:
    sent = {"first": clock.today().isoformat(), "start": start, "end": end, "rows": "4", "do": "save"}
    for each in rows:
        sent |= each
    return sent | more


def test_a_template_from_design_to_close(prison: Any, as_planner: Any) -> None:
    """(R-070) No break, no template. A change counts from its day; the version before keeps its days."""
    hub = as_planner("HUB_MANAGER")
    assert "Main" in text(hub.get("/templates"))
    named = {"establishment": prison.pk, "code": "V1", "name": "Visits day"}
    duty = row(0, "Visits", "00:00", "08:00", "frame")
    no_break = hub.post("/templates/add", shift("09:00", "17:00", duty, **named))
    assert no_break.status_code == 400
    assert "needs a break of at least 20 minutes" in text(no_break)
    rest = row(1, "Break (Unpaid)", "13:00", "13:30")
    look = hub.post("/templates/look", shift("09:00", "17:00", duty, rest, **named))
    assert "8:00 gross, 7:30 net" in text(look)
    taken = hub.post("/templates/add", shift("09:00", "17:00", duty, rest, **(named | {"code": "m"})))
    assert "There is a template with that code already" in text(taken)
    assert hub.post("/templates/add", shift("09:00", "17:00", duty, rest, **named)).status_code == 302
    made = Template.objects.get(code="V1")
    assert made.establishment == prison

    change = f"/templates/{made.pk}/change"
    page = text(hub.get(change))
    assert 'value="13:00"' in page
    late = clock.today() + timedelta(days=7)
    sent = shift("16:00", "25:00", row(0, "Visits", "16:00", "24:00"), row(1, "Break (Unpaid)", "20:00", "20:30"))
    sent |= {"first": late.isoformat(), "version": made.version}
    assert "at exactly 24:00" in text(hub.post(change, sent | {"do": "look"}))
    assert hub.post(change, sent).status_code == 302
    assert [v.holds_on(late) for v in made.versions.order_by("pk")] == [False, True]
    assert made.versions.earliest("pk").holds_on(late - timedelta(days=1))
    stale = hub.post(change, sent)
    assert stale.status_code == 409
    assert "Nothing has been overwritten" in text(stale)
    made.refresh_from_db()
    assert hub.post(change, sent | {"version": made.version}).status_code == 302
    _, second, third = made.versions.order_by("pk")
    assert second.valid.isempty, "replaced before its first day"
    assert not second.holds_on(late)
    assert third.holds_on(late)
    made.refresh_from_db()
    assert (
        hub.post(f"/templates/{made.pk}/close", {"last": late.isoformat(), "version": made.version}).status_code == 302
    )
    made.refresh_from_db()
    assert made.closed_on == late + timedelta(days=1)


def test_errors_of_the_designer_are_at_their_fields(prison: Any, as_planner: Any) -> None:
    hub = as_planner("HUB_MANAGER")
    named = {"establishment": prison.pk, "code": "X", "name": "X"}
    cases = [
        (shift("", "", row(0, "Gate", "1", "2")), ["Enter the start of the shift", "Enter a time like 07:30"]),
        (shift("09:00", "12:00"), ["Add at least one activity"]),
        (shift("09:00", "12:00", row(0, "Gate", "08:00", "12:00")), ["Gate must lie inside the shift"]),
        (shift("09:00", "12:00", {"i0-start": "09:00"}), ["Select an activity", "Enter when it ends"]),
        (shift("09:00", "12:00", first="nonsense"), ["Enter a real date"]),
    ]
    for sent, words in cases:
        answer = hub.post("/templates/add", sent | named)
        assert answer.status_code == 400
        for each in words:
            assert each in text(answer)
    assert 'name="rows" value="5"' in text(hub.post("/templates/add", shift("", "") | named | {"do": "row"}))
    whole = Activity.objects.get(name="Training - External").pk
    full = shift("", "", whole_day=whole) | {"establishment": prison.pk, "code": "TX", "name": "Training away"}
    assert hub.post("/templates/add", full).status_code == 302
    assert TemplateVersion.objects.get(template__code="TX").full_day


def test_activities_local_and_national(prison: Any, as_planner: Any) -> None:
    """A prison's own beside the national set, which only a role for everywhere changes; names must not mislead."""
    hub = as_planner("HUB_MANAGER")
    sent = {
        "establishment": prison.pk, "name": "Sick Parade", "kind": "presence", "paid": "on", "part_day": "on",
        "credit": "actual", "colour": "blue", "meets_demand": "on",
    }  # fmt: skip
    wrong = hub.post("/activities/add", sent)
    assert wrong.status_code == 400
    assert "The diary would show this as “Sick”" in text(wrong)
    assert hub.post("/activities/add", sent | {"name": "Clinic queue"}).status_code == 302
    made = Activity.objects.get(name="Clinic queue")
    assert made.establishment == prison
    national = Activity.objects.get(name="Gate")
    assert hub.get(f"/activities/{national.pk}").status_code == 200
    assert hub.post(f"/activities/{national.pk}", sent | {"name": "Gates"}).status_code == 403
    edited = sent | {"name": "Clinic", "version": 0}
    assert hub.post(f"/activities/{made.pk}", edited).status_code == 302
    stale = hub.post(f"/activities/{made.pk}", edited | {"name": "Clinic two"})
    assert stale.status_code == 409
    made.refresh_from_db()
    assert made.name == "Clinic"
    closing = {"last": clock.today().isoformat(), "version": 1}
    assert hub.post(f"/activities/{made.pk}/close", closing).status_code == 302

    other = as_planner("HUB_MANAGER", establishment=Establishment.objects.exclude(code="LHI").first())
    assert other.get(f"/activities/{made.pk}").status_code == 404
    assert as_planner("DETAIL").get("/activities/add").status_code == 403
    check = sent | {"name": "Roll check", "establishment": "everywhere"}
    region = as_planner("REGIONAL_ADMIN", establishment=None)
    assert "Select where it is used" in text(region.post("/activities/add", check)), "the catalogue is the nation's"
    assert "Select where it is used" in text(region.post("/activities/add", sent | {"establishment": ""}))
    assert region.post(f"/activities/{national.pk}", sent | {"name": "Gates"}).status_code == 403
    nation = as_planner("NATIONAL_ADMIN", establishment=None)
    assert nation.post("/activities/add", check).status_code == 302
    assert Activity.objects.get(name="Roll check").establishment is None
