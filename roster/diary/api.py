"""The API that the officers' diary web app calls, with the officer's own token (diary-api-contract)."""

import re
from datetime import date
from typing import Annotated, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query, Schema
from ninja.errors import HttpError
from pydantic import Field

from foundation import clock
from foundation.clock import london
from roster.activities.phrases import DayType
from roster.api import ERRORS, IsoDate, LocalTime, Token, contract, done, reply
from roster.diary import actions
from roster.diary.days import Day, Entry, days_of
from roster.diary.models import Notice, Preference
from roster.diary.queries import notices_between
from roster.diary.sentences import month_end, months_later, sentence
from roster.establishment.models import Person, here

OFFICER = Token("ROLE_PRISON")
MOST_DAYS = 1000
MOBILE = re.compile(r"07[0-9]{8,9}")
api = contract("Diary API", "1", "diary_api", "/v3/api-docs/diary", "/swagger-ui/diary.html")


class DetailOut(Schema):
    activity: str | None
    start: LocalTime
    end: LocalTime
    parentType: Annotated[str, Field(pattern="^(SHIFT|OVERTIME)$")]
    displayType: str | None
    displayTypeTime: LocalTime | None
    finishDuration: int | None


class DayOut(Schema):
    date: date
    fullDayType: Annotated[str, Field(json_schema_extra={"enum": [kind.name for kind in DayType]})]
    fullDayTypeDescription: str
    details: list[DetailOut]


class NoticeOut(Schema):
    description: str
    shiftModified: LocalTime
    processed: bool


class PreferencesOut(Schema):
    snoozeUntil: date | None
    email: str | None
    sms: str | None
    preference: Annotated[str | None, Field(json_schema_extra={"enum": ["EMAIL", "SMS", "NONE", None]})]


class Snooze(Schema):
    snoozeUntil: IsoDate | None


class Choice(Schema):
    email: Annotated[str | None, Field(max_length=254)] = None
    sms: str | None = None
    preference: Preference.Channel


To = Annotated[IsoDate | None, Query()]
From = Annotated[IsoDate | None, Query(alias="from")]


@api.get("/user/details", auth=OFFICER, response={200: list[DayOut]} | ERRORS)
def user_details(request: HttpRequest, from_: From = None, to: To = None) -> HttpResponse:
    """A day for each date, those without entries too."""
    first, last = from_ or clock.today(), to or clock.today()
    if (last - first).days >= MOST_DAYS:
        raise HttpError(400, f"Ask for fewer than {MOST_DAYS} days.")
    faithful = settings.CSR_API_MIDNIGHT == "faithful"
    return reply([_day(day) for day in days_of(_user_name(request), first, last, faithful=faithful)])


@api.get("/notifications", auth=OFFICER, response={200: list[NoticeOut]} | ERRORS)
def notifications(
    request: HttpRequest, processOnRead: bool = True, unprocessedOnly: bool = False, from_: From = None, to: To = None
) -> HttpResponse:  # fmt: skip
    """Notices between two dates, newest first; reading marks them as processed unless asked not to."""
    today = clock.today()
    first = from_ or (months_later(to.replace(day=1), -3) if to else today.replace(day=1))
    last = to or month_end(months_later(first.replace(day=1) if from_ else today.replace(day=1), 3))
    person = Person.objects.filter(user_name__iexact=_user_name(request)).first()
    found = list(notices_between(person, first, last)) if person else []
    if unprocessedOnly:
        found = [notice for notice in found if notice.read_at is None]
    answer = reply(list({tuple(each.items()): each for each in map(_notice, found)}.values()))
    if processOnRead:
        actions.mark_read(found)
    return answer


@api.get("/preferences/notifications", auth=OFFICER, response={200: PreferencesOut} | ERRORS)
def preferences(request: HttpRequest) -> HttpResponse:
    found = Preference.objects.filter(person__user_name__iexact=_user_name(request)).first()
    if found is None:
        raise Http404
    until = found.snooze_until.isoformat() if found.snooze_until else None
    return reply({
        "snoozeUntil": until, "email": found.email or None, "sms": found.sms or None, "preference": found.channel,
    })  # fmt: skip


@api.put("/preferences/notifications/snooze", auth=OFFICER, response={200: None} | ERRORS)
def snooze(request: HttpRequest, wish: Snooze) -> HttpResponse:
    person = _person(request)
    actions.snooze(person, wish.snoozeUntil, by=person.user)
    return done()


@api.put("/preferences/notifications/details", auth=OFFICER, response={200: None} | ERRORS)
def choose(request: HttpRequest, wish: Choice) -> HttpResponse:
    person = _person(request)
    email, sms = (wish.email or "").strip(), (wish.sms or "").strip()
    try:
        if email:
            validate_email(email)
    except ValidationError:
        raise HttpError(400, "email: not an email address") from None
    if sms and not MOBILE.fullmatch(sms):
        raise HttpError(400, "sms: 07 and 8 or 9 digits")
    actions.choose(person, email=email, sms=sms, channel=wish.preference.value, by=person.user)
    return done()


def _user_name(request: HttpRequest) -> str:
    name = str(request.auth.user_name)  # type: ignore[attr-defined]
    if not name:
        raise HttpError(400, "The token names no user.")
    return name


def _person(request: HttpRequest) -> Person:
    found = Person.objects.filter(here(), user_name__iexact=_user_name(request)).first()
    if found is None:
        raise Http404
    return found


def _day(day: Day) -> dict[str, Any]:
    return {
        "date": day.date.isoformat(), "fullDayType": day.type.name, "fullDayTypeDescription": day.type.value,
        "details": [_entry(entry) for entry in day.entries],
    }  # fmt: skip


def _entry(entry: Entry) -> dict[str, Any]:
    shown = entry.display_time
    return {
        "activity": entry.detail.activity, "start": entry.detail.start.isoformat(),
        "end": entry.detail.end.isoformat(), "parentType": "OVERTIME" if entry.detail.overtime else "SHIFT",
        "displayType": entry.display, "displayTypeTime": shown.isoformat() if shown else None,
        "finishDuration": entry.finish_seconds,
    }  # fmt: skip


def _notice(notice: Notice) -> dict[str, Any]:
    changed = london(notice.modified_at).replace(tzinfo=None, microsecond=0).isoformat()
    return {"description": sentence(notice), "shiftModified": changed, "processed": notice.read_at is not None}
