"""What people do to the rule book and its registers. Each is one transaction with its reason in the audit."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from foundation import audit
from roster.establishment.models import Establishment, Person
from roster.rules.book import above, problems
from roster.rules.models import HazardPost, NightAssessment, OptOut, RuleException, RuleSetting

Scope = RuleSetting.Scope


class Refused(Exception):
    """``field``: what the sentence is about on a form."""

    def __init__(self, sentence: str, field: str | None = None) -> None:
        super().__init__(sentence)
        self.field = field


class Stale(Refused):
    """Somebody else has changed it meanwhile; ``stored`` is what holds now."""

    def __init__(self, stored: RuleSetting | None) -> None:
        super().__init__("Somebody else has changed this rule since you opened the page.")
        self.stored = stored


def newest(rule: str, scope: str, establishment: Establishment | None) -> RuleSetting | None:
    """The setting of this scope that begins last: what a form was opened over."""
    rows = RuleSetting.objects.filter(rule=rule, scope=scope, establishment=establishment)
    return rows.order_by("valid").last()


@transaction.atomic
def set_rule(
    rule: str,
    parameters: Mapping[str, Any],
    *,
    scope: str,
    establishment: Establishment | None,
    start: date,
    reason: str,
    permit: bool | None = None,
    seen: int | None,
    by: Any,
) -> RuleSetting:
    """From ``start`` on the rule holds so; an earlier setting of this scope ends the day before, a later one goes.

    ``seen``: number of the newest setting when the form was opened (None: there was none).
    """
    _lock(establishment)
    now = newest(rule, scope, establishment)
    if (now.pk if now else None) != seen:
        raise Stale(now)
    if not reason.strip():
        raise Refused("Enter the reason for this setting", "reason")
    entry = above(Scope(scope), start).entry(rule)
    for name, sentence in problems(entry, parameters, Scope(scope)).items():
        raise Refused(sentence, name)
    differs = {name: value for name, value in parameters.items() if value != getattr(entry.rule, name)}
    before = now.parameters if now else {}
    _end(rule, scope, establishment, start)
    row: RuleSetting = RuleSetting.objects.create(
        rule=rule, scope=scope, establishment=establishment, parameters=differs, permit=permit,
        valid=(start, None), reason=reason.strip(), author=by,
    )  # fmt: skip
    after = differs | {"from": start.isoformat()}
    audit.record("RULE_SET", by=by, subject=row, reason=reason, before=before, after=after)
    return row


@transaction.atomic
def drop_setting(row: RuleSetting, *, last: date, reason: str, by: Any) -> None:
    """The level above holds again from the day after ``last``."""
    _lock(row.establishment)
    if not reason.strip():
        raise Refused("Enter the reason", "reason")
    _end(row.rule, row.scope, row.establishment, last + timedelta(days=1))
    audit.record("RULE_SETTING_ENDED", by=by, reason=reason, before=row.parameters, after={"last": last.isoformat()})


def _lock(establishment: Establishment | None) -> None:
    """One writer of an establishment's (or the region's) rules at a time."""
    places = Establishment.objects.filter(pk=establishment.pk) if establishment else Establishment.objects.all()
    list(places.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True)[:1])


def _end(rule: str, scope: str, establishment: Establishment | None, day: date) -> None:
    """Nothing of this scope holds from that day on."""
    for row in RuleSetting.objects.filter(rule=rule, scope=scope, establishment=establishment):
        if row.valid.lower is not None and row.valid.lower >= day:
            row.delete()
        elif row.valid.upper is None or row.valid.upper > day:
            row.valid = (row.valid.lower, day)
            row.version += 1
            row.save(update_fields=["valid", "version"])


@transaction.atomic
def sign_opt_out(person: Person, *, signed_on: date, notice_days: int = 7, by: Any) -> OptOut:
    if not 7 <= notice_days <= 90:
        raise Refused("Notice is from 7 days to 90 days", "notice_days")
    list(Person.objects.select_for_update(no_key=True).filter(pk=person.pk))
    for row in OptOut.objects.filter(person=person):
        if row.last_day is None or row.last_day >= signed_on:
            raise Refused("There is an opt-out that holds on that day", "signed_on")
    row = OptOut.objects.create(person=person, signed_on=signed_on, notice_days=notice_days, entered_by=by)
    audit.record("OPT_OUT_SIGNED", by=by, subject=row, after={"signed_on": signed_on.isoformat()})
    return row


@transaction.atomic
def withdraw_opt_out(row: OptOut, *, on: date, by: Any) -> OptOut:
    """Notice is given that day. It can be given once; nobody can be kept from it."""
    row = OptOut.objects.select_for_update().get(pk=row.pk)
    if row.withdrawn_on is not None:
        raise Refused("Notice was given already", "withdrawn_on")
    if on < row.signed_on:
        raise Refused("Notice cannot be given before the opt-out was signed", "withdrawn_on")
    row.withdrawn_on, row.version = on, row.version + 1
    row.save(update_fields=["withdrawn_on", "version"])
    after = {"withdrawn_on": on.isoformat(), "last_day": str(row.last_day)}
    audit.record("OPT_OUT_WITHDRAWN", by=by, subject=row, after=after)
    return row


@transaction.atomic
def record_assessment(person: Person, *, done_on: date, due_on: date | None = None, by: Any) -> NightAssessment:
    """Without another date the next one is due after twelve months (W9)."""
    due_on = due_on or _a_year_later(done_on)
    if due_on <= done_on:
        raise Refused("The next assessment must be due after this one", "due_on")
    if NightAssessment.objects.filter(person=person, done_on=done_on).exists():
        raise Refused("There is an assessment of that day already", "done_on")
    row = NightAssessment.objects.create(person=person, done_on=done_on, due_on=due_on, entered_by=by)
    audit.record("NIGHT_ASSESSMENT", by=by, subject=row, after={"due_on": due_on.isoformat()})
    return row


def _a_year_later(day: date) -> date:
    try:
        return day.replace(year=day.year + 1)
    except ValueError:  # 29 February
        return day.replace(year=day.year + 1, day=28)


@transaction.atomic
def declare_hazard(post: Any, *, start: date, reason: str, by: Any) -> HazardPost:
    if not reason.strip():
        raise Refused("Enter which assessment found the hazard", "reason")
    if HazardPost.objects.during(start, date.max - timedelta(days=1)).filter(post=post).exists():
        raise Refused("This post is declared already", "post")
    row = HazardPost.objects.create(post=post, valid=(start, None), reason=reason.strip(), declared_by=by)
    audit.record("HAZARD_DECLARED", by=by, subject=row, reason=reason, after={"from": start.isoformat()})
    return row


@transaction.atomic
def end_hazard(row: HazardPost, *, last: date, by: Any) -> None:
    row = HazardPost.objects.select_for_update().get(pk=row.pk)
    if last < row.valid.lower:
        raise Refused("The last day cannot be before the first", "last")
    row.valid = (row.valid.lower, last + timedelta(days=1))
    row.save(update_fields=["valid"])
    audit.record("HAZARD_ENDED", by=by, subject=row, after={"last": last.isoformat()})


def add_exception(person: Person, rule: str, *, first: date, last: date, reason: str, by: Any) -> RuleException:
    """Used by ``roster.hours.actions.permit``, which asks who may and what rest is owed."""
    if not reason.strip():
        raise Refused("Enter the reason for this exception", "reason")
    if RuleException.objects.during(first, last).filter(person=person, rule=rule).exists():
        raise Refused("This breach is permitted already")
    valid = DateRange(first, last + timedelta(days=1))
    row: RuleException = RuleException.objects.create(
        person=person, rule=rule, valid=valid, reason=reason.strip(), permitted_by=by
    )
    after = {"rule": rule, "first": first.isoformat(), "last": last.isoformat()}
    audit.record("BREACH_PERMITTED", by=by, subject=row, reason=reason, after=after)
    return row
