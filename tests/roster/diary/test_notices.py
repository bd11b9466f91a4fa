"""From a change to a notice and a message: settling, quiet hours, channels (diary-api-contract 3, staff-roster 18)."""

from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

import pytest

from foundation import clock
from foundation.clients import Rejected
from foundation.outbox import Delivery, Wait, deliver_due
from roster.activities.models import Activity, Template
from roster.diary import actions as diary
from roster.diary import messages
from roster.diary.models import Acknowledgement, Notice, Preference
from roster.diary.sentences import sentence
from roster.timeline import actions
from roster.timeline.content import from_version, version_on
from roster.timeline.models import Change
from tests.roster.conftest import make_person

NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)
APRIL = date(2027, 4, 2)


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Any:
    """``at(moment)``: the service believes that it is then."""

    def moved(moment: datetime) -> datetime:
        monkeypatch.setattr("foundation.clock.now", lambda: moment)
        return moment

    moved(NOON)
    return moved


def code(name: str) -> Template:
    return Template.objects.get(code=name)


def prefers(person: Any, channel: str = "EMAIL", **fields: Any) -> Preference:
    chosen: dict[str, Any] = {"email": "officer@example.org", "sms": "07700900123"} | fields
    row, _ = Preference.objects.update_or_create(person=person, defaults={"channel": channel} | chosen)
    return row


def later(at: Any, **passed: int) -> int:
    return diary.tell_settled(at(clock.now() + timedelta(**passed)))


def test_nothing_is_told_before_it_settles(unit: Any, at: Any) -> None:
    """(R-038, R-043, 10.10; staff-roster 21.5) Five edits within a minute: one notice, of the last, five minutes
    after.
    """
    person = make_person(unit)
    prefers(person)
    for name in ("E", "L", "E", "L", "M"):
        actions.put(person, unit, APRIL, template=code(name), by=None)
        at(clock.now() + timedelta(seconds=12))
    assert later(at, minutes=4) == 0
    assert later(at, minutes=1) == 1
    assert later(at, minutes=9) == 0, "once"
    notice = Notice.objects.get()
    assert sentence(notice) == "Your shift on Friday 2 April has been added."
    assert notice.after["duties"][0]["name"] == "Main"
    mail = messages.RosterChanged(**Delivery.objects.get().payload["arguments"])
    assert mail.to() == "officer@example.org"
    assert mail.personalisation()["changes"] == (
        "* Your shift on Friday, 2nd April has been added. It is now Main (07:30 - 17:30)."
    )


def test_taken_back_is_not_told(unit: Any, at: Any) -> None:
    """(R-043) Changed and changed back within the five minutes: unchanged, so nothing. Then what it was and is."""
    person = make_person(unit)
    actions.put(person, unit, APRIL, template=code("E"), by=None)
    later(at, minutes=5)
    Notice.objects.all().delete()
    actions.put(person, unit, APRIL, template=code("L"), by=None)
    actions.put(person, unit, APRIL, template=code("E"), by=None)
    assert later(at, minutes=5) == 0
    actions.put(person, unit, APRIL, template=code("L"), by=None)
    later(at, minutes=5)
    assert sentence(Notice.objects.get()) == (
        "Your detail on Friday 2 April (12:15 - 21:00) has been changed: Late; was Early (07:30 - 12:45)."
    )


def test_a_shift_level_edit_without_a_known_add_counts_as_one(unit: Any, at: Any) -> None:
    """(R-043, csr-api-contract 6.5) What was brought in from elsewhere nobody was told: its change is news to them."""
    person = make_person(unit)
    early, night = (from_version(version_on(code(name), APRIL)) for name in "EN")
    actions.publish_day_set([actions.Cell(person.pk, unit.pk, APRIL, (early,))], by=None, quiet=True)
    at(clock.now() + timedelta(minutes=1))
    for expected, duties in [
        ("added", (early, night)),
        ("changed", (from_version(version_on(code("M"), APRIL)), night)),
    ]:
        actions.publish_day_set([actions.Cell(person.pk, unit.pk, APRIL, duties)], by=None)
        assert later(at, minutes=6) == 1
        assert sentence(Notice.objects.latest("pk")) == f"Your shift on Friday 2 April has been {expected}."


def test_sickness_the_past_and_a_first_publication(unit: Any, at: Any) -> None:
    """(staff-roster 8.3) No notice of one's own sickness nor of the past; one for a whole publication."""
    person = make_person(unit)
    early = from_version(version_on(code("E"), APRIL))
    cells = [actions.Cell(person.pk, unit.pk, APRIL + timedelta(days=n), (early,)) for n in range(28)]
    actions.publish_day_set(cells, by=None, first_publication=True)
    assert later(at, minutes=5) == 1
    words = sentence(Notice.objects.get())
    assert words == "Your roster from Friday 2 April to Thursday 29 April 2027 has been published."
    actions.cover(person, APRIL, Activity.objects.get(name="Sick"), by=None)
    actions.put(person, unit, NOON.date() - timedelta(days=1), template=code("E"), by=None)
    assert later(at, minutes=5) == 0


def test_a_digest_has_ten_lines(unit: Any, at: Any) -> None:
    """(R-038) Up to ten changes a message, in order of date."""
    person = make_person(unit)
    prefers(person, "SMS")
    for days in reversed(range(12)):
        actions.put(person, unit, APRIL + timedelta(days=days), template=code("E"), by=None)
    later(at, minutes=5)
    sent = [messages.RosterChangedText(**row.payload["arguments"]) for row in Delivery.objects.order_by("pk")]
    assert [len(each.notices) for each in sent] == [10, 2]
    lines = sent[0].personalisation()["changes"].splitlines()
    assert lines[0] == "* Your shift on Friday, 2nd April has been added."
    assert sent[0].to() == "07700900123"
    assert Delivery.objects.first().payload["mail"] == "RosterChangedText"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("channel", "fields", "number"),
    [
        ("EMAIL", {}, 1), ("SMS", {}, 1), ("NONE", {}, 0), ("EMAIL", {"email": ""}, 0), ("SMS", {"sms": ""}, 0),
        ("EMAIL", {"snooze_until": NOON.date() + timedelta(days=1)}, 0),
        ("EMAIL", {"snooze_until": NOON.date()}, 0),
        ("EMAIL", {"snooze_until": NOON.date() - timedelta(days=1)}, 1),
    ],
)  # fmt: skip
def test_who_gets_a_message(unit: Any, at: Any, channel: str, fields: dict[str, Any], number: int) -> None:
    """(R-040, R-041) By the chosen channel, not while paused; the diary shows it all the same."""
    person = make_person(unit)
    prefers(person, channel, **fields)
    actions.put(person, unit, APRIL, template=code("E"), by=None)
    later(at, minutes=5)
    assert (Delivery.objects.count(), Notice.objects.count()) == (number, 1)


def test_no_message_leaves_a_training_server(unit: Any, at: Any, settings: Any) -> None:
    """(R-025) The diary shows the change all the same."""
    settings.TRAINING = "A"
    person = make_person(unit)
    prefers(person)
    actions.put(person, unit, APRIL, template=code("E"), by=None)
    assert later(at, minutes=5) == 1
    assert not Delivery.objects.exists()


def added(day: date, start: int, end: int) -> Notice:
    duty = {"name": "Early", "start": start, "end": end}
    return Notice(action="ADD", first_day=day, last_day=day, after={"duties": [duty]})


@pytest.mark.parametrize(
    ("now", "shift", "leaves"),
    [
        (datetime(2027, 3, 1, 23), date(2027, 3, 5), datetime(2027, 3, 2, 6)),  # noqa: DTZ001
        (datetime(2027, 3, 2, 5, 59), date(2027, 3, 5), datetime(2027, 3, 2, 6)),  # noqa: DTZ001
        (datetime(2027, 3, 1, 23), date(2027, 3, 2), datetime(2027, 3, 1, 23)),  # noqa: DTZ001
        (datetime(2027, 3, 1, 20, 59), date(2027, 3, 5), datetime(2027, 3, 1, 20, 59)),  # noqa: DTZ001
        (datetime(2027, 7, 1, 23), date(2027, 7, 5), datetime(2027, 7, 2, 6)),  # noqa: DTZ001
        (datetime(2027, 3, 1, 21), date(2027, 3, 5), datetime(2027, 3, 2, 6)),  # noqa: DTZ001
        (datetime(2027, 3, 2, 0), date(2027, 3, 5), datetime(2027, 3, 2, 6)),  # noqa: DTZ001
        (datetime(2027, 3, 2, 6), date(2027, 3, 5), datetime(2027, 3, 2, 6)),  # noqa: DTZ001
        (datetime(2026, 10, 24, 23), date(2026, 10, 30), datetime(2026, 10, 25, 6)),  # noqa: DTZ001
        (datetime(2026, 10, 25, 1, 30, fold=1), date(2026, 10, 30), datetime(2026, 10, 25, 6)),  # noqa: DTZ001
        (datetime(2027, 3, 27, 23), date(2027, 4, 2), datetime(2027, 3, 28, 6)),  # noqa: DTZ001
        (datetime(2027, 3, 28, 3), date(2027, 4, 2), datetime(2027, 3, 28, 6)),  # noqa: DTZ001
        (datetime(2027, 3, 1, 23), date(2027, 3, 1), datetime(2027, 3, 2, 6)),  # noqa: DTZ001 - an early that is over
    ],
)
def test_quiet_hours(now: datetime, shift: date, leaves: datetime) -> None:
    """(R-046) From 21:00 to 06:00 by the clock in London, but for a shift that begins within twelve hours."""
    moment, wanted = (each.replace(tzinfo=clock.LONDON).astimezone(UTC) for each in (now, leaves))
    assert messages.leaves_at([added(shift, 27000, 45900)], moment) == wanted


def test_short_notice_asks_for_an_answer(unit: Any, at: Any) -> None:
    """(R-062) The answer is kept, with its time, and one that was given on an old page is refused."""
    person, day = make_person(unit), NOON.date() + timedelta(days=3)
    actions.put(person, unit, day, template=code("E"), by=None)
    later(at, minutes=5)
    asked = Acknowledgement.objects.get()
    seen = diary.answer(asked, None, by=person.user, version=0)
    assert seen.seen_at == clock.now()
    assert seen.answered_at is None
    with pytest.raises(diary.Changed):
        diary.answer(asked, True, by=person.user, version=0)
    assert diary.answer(asked, False, by=person.user, version=1).agreed is False
    Change.objects.get()


def test_tidying(unit: Any, at: Any) -> None:
    """(R-049) Older than three months goes, newer stays; every night at 03:37."""
    from foundation.jobs import overnights

    assert overnights["tidy_notices"].at == "03:37"
    person = make_person(unit)
    for day in (date(2026, 11, 30), date(2026, 12, 1)):
        made = datetime.combine(day, NOON.time(), UTC)
        Notice.objects.create(
            person=person, action="ADD", first_day=day, last_day=day, modified_at=made, created_at=made
        )
    assert diary.tidy_notices() == 1
    assert Notice.objects.get().first_day == date(2026, 12, 1)


@pytest.mark.parametrize(
    ("now", "start", "waits"),
    [
        (datetime(2027, 3, 1, 22), 10, False), (datetime(2027, 3, 1, 22), 10 + 1 / 60, True),  # noqa: DTZ001
        (datetime(2026, 10, 24, 22), 9, False), (datetime(2026, 10, 24, 22), 9 + 1 / 60, True),  # noqa: DTZ001
        (datetime(2027, 3, 27, 22), 11, False), (datetime(2027, 3, 27, 22), 11 + 1 / 60, True),  # noqa: DTZ001
    ],
)  # fmt: skip
def test_twelve_hours_are_hours_that_pass(now: datetime, start: float, waits: bool) -> None:
    """(R-046) To the minute, on the nights of both clock changes too."""
    notice = added(now.date() + timedelta(days=1), round(start * 3600), 18 * 3600)
    moment = now.replace(tzinfo=clock.LONDON).astimezone(UTC)
    assert (messages.leaves_at([notice], moment) > moment) == waits


def test_a_night_in_hand_does_not_wait_and_a_day_off_does() -> None:
    """(R-046) What concerns a shift: one that lasts still, not leave that begins with the next day."""
    now = datetime(2027, 3, 1, 23, tzinfo=UTC)
    assert messages.leaves_at([added(now.date(), 74700, 113400)], now) == now
    notice = added(date(2027, 3, 2), 0, 0)
    notice.after = {"duties": [{"name": "Annual Leave", "start": None, "end": None}]}
    assert messages.leaves_at([notice], now) > now


@pytest.mark.parametrize(
    ("day", "words"),
    [(1, "Thursday, 1st"), (2, "Friday, 2nd"), (3, "Saturday, 3rd"), (4, "Sunday, 4th"), (11, "Sunday, 11th"),
     (12, "Monday, 12th"), (13, "Tuesday, 13th"), (21, "Wednesday, 21st"), (22, "Thursday, 22nd"),
     (23, "Friday, 23rd"), (30, "Friday, 30th"), (31, "Saturday, 31st")],
)  # fmt: skip
def test_the_sentence_of_a_message(day: int, words: str) -> None:
    """(R-038) The words that officers know, with the day's ordinal."""
    first = date(2027, 7, day)
    for action, done in (("EDIT", "has changed"), ("ADD", "has been added"), ("DELETE", "has been removed")):
        notice = Notice(action=action, first_day=first, last_day=first)
        assert messages.words(notice) == f"Your shift on {words} July {done}."
    april = date(2022, 4, 1)
    assert messages.words(Notice(action="EDIT", first_day=april, last_day=april)) == (
        "Your shift on Friday, 1st April has changed."
    )


def test_what_was_and_what_is(unit: Any, at: Any) -> None:
    """(R-038; staff-roster 8.3, 18) Said of work and rest; of leave, sickness, or union business only that it
    changed.
    """
    person, april = make_person(unit), APRIL - timedelta(days=1)
    prefers(person)
    actions.put(person, unit, april, template=code("E"), by=None)
    later(at, minutes=5)
    for template, line in (("L", " It was Early (07:30 - 12:45). It is now Late (12:15 - 21:00)."), ("AL", "")):
        Delivery.objects.all().delete()
        actions.put(person, unit, april, template=code(template), by=None)
        later(at, minutes=5)
        mail = messages.RosterChanged(**Delivery.objects.get().payload["arguments"])
        assert mail.personalisation()["changes"] == f"* Your shift on Thursday, 1st April has changed.{line}"
    notices = Notice.objects.filter(person=person)
    shown = messages.RosterChangedText([notice.pk for notice in notices]).personalisation()["changes"]
    assert "It is now" not in shown


def test_ten_lines_fit_into_a_text(unit: Any) -> None:
    """(R-038) At their longest: what has more than 918 characters Notify refuses."""
    person, day = make_person(unit), date(2027, 9, 22)
    longest = {"person": person, "action": "DELETE", "level": 4000, "first_day": day, "last_day": day}
    rows = Notice.objects.bulk_create([Notice(**longest, modified_at=NOON) for _ in range(10)])
    values = messages.RosterChangedText([row.pk for row in rows]).personalisation()
    assert len(values["changes"].splitlines()) == 10
    assert len(f"{values['changes']}\nSee {values['link']}") <= 918


def test_what_is_chosen_while_a_message_waits(unit: Any, at: Any) -> None:
    """(R-040, R-041, R-046) Paused, or told no more, before the morning: not sent. Held up into the night: it waits."""
    person = make_person(unit)
    prefers(person)
    at(datetime(2027, 3, 1, 20, tzinfo=UTC))
    actions.put(person, unit, APRIL, template=code("E"), by=None)
    later(at, minutes=5)
    mail = messages.RosterChanged(**Delivery.objects.get().payload["arguments"])
    assert mail.to() == "officer@example.org"
    at(datetime(2027, 3, 1, 21, 30, tzinfo=UTC))
    with pytest.raises(Wait):
        mail.to()
    at(datetime(2027, 3, 2, 6, tzinfo=UTC))
    for wish in ({"channel": "NONE"}, {"email": ""}, {"snooze_until": date(2027, 3, 2)}):
        prefers(person, **wish)
        with pytest.raises(Rejected):
            mail.to()
    prefers(person, snooze_until=date(2027, 3, 1))
    assert mail.to() == "officer@example.org"


def test_killed_between_sending_and_noting(unit: Any, at: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """(R-038) Sent once: Notify is asked by our number before anything goes a second time."""
    sent: list[str] = []

    class Taken(NamedTuple):
        id: str

    class Notify:
        def send(self, template: str, to: str, values: dict[str, str], key: str) -> str:
            sent.append(key)
            raise SystemExit  # the worker is killed with the message out and nothing noted

        def find(self, key: str) -> Taken | None:
            return Taken("1") if key in sent else None

    monkeypatch.setattr("foundation.mails.courier.notify", Notify)
    person = make_person(unit)
    prefers(person)
    actions.put(person, unit, APRIL, template=code("E"), by=None)
    later(at, minutes=5)
    with pytest.raises(SystemExit):
        deliver_due()
    at(clock.now() + timedelta(hours=1))
    diary.tell_settled()
    deliver_due()
    assert (len(sent), Delivery.objects.get().state) == (1, "delivered")
