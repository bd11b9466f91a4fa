"""The laws of roles: of people, as the handbook has them, and of the database (architecture 5, Audit)."""

import pghistory.models
import pytest
from django.apps import apps
from django.conf import settings
from django.db import ProgrammingError, connection, transaction

from foundation import roles
from foundation.audit import AuditEvent
from foundation.testing.database import as_owner
from reporting.access import SITES, VERBS
from reporting.people import roles as people

pytestmark = pytest.mark.django_db


def refused(statement: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except ProgrammingError as error:
        return "permission denied" in str(error)
    return False


def models_of_events() -> list[str]:
    history = {model for model in apps.get_models() if issubclass(model, pghistory.models.Event)}
    return sorted(model._meta.db_table for model in {*history, AuditEvent} if model._meta.managed)


def test_tests_run_as_the_app() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == (settings.DATABASE_APP_ROLE,)


def test_every_model_of_events_is_known_as_an_event_table() -> None:
    assert set(models_of_events()) <= set(roles.event_tables())


@pytest.mark.parametrize("statement", ['UPDATE "{}" SET {} = {}', 'DELETE FROM "{}"', 'TRUNCATE "{}"'])
def test_the_app_changes_and_deletes_no_event(statement: str) -> None:
    allowed = []
    for table in roles.event_tables():
        with connection.cursor() as cursor:
            cursor.execute("SELECT column_name FROM information_schema.columns WHERE table_name = %s LIMIT 1", [table])
            (column,) = cursor.fetchone()
        if not refused(statement.format(table, f'"{column}"', f'"{column}"')):
            allowed.append(table)
    assert not allowed


def test_the_app_adds_and_reads_events() -> None:
    event = AuditEvent.objects.create(event="TEST")
    assert AuditEvent.objects.get(pk=event.pk).event == "TEST"


def test_the_app_makes_no_table() -> None:
    assert refused("CREATE TABLE sneaked_in (id int)")


def test_the_reader_only_reads() -> None:
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(f'SET LOCAL ROLE "{settings.DATABASE_READER_ROLE}"')
        cursor.execute("SELECT count(*) FROM foundation_auditevent")
        for statement in ("INSERT INTO {} DEFAULT VALUES", "DELETE FROM {}", "TRUNCATE {}"):
            assert refused(statement.format("foundation_auditevent"))
            assert refused(statement.format("foundation_user"))


def test_the_owner_may_clear_away_old_events() -> None:
    AuditEvent.objects.create(event="OLD")
    with as_owner():
        AuditEvent.objects.all().delete()
    assert not AuditEvent.objects.exists()


MATRIX = """
verb                        L  N  OA TM A  AM SA
report.see                  ●  ●  ●  ●  ○  ○  ○
report.fill                 ●  ●  ●  ●  ○  ○  ○
report.submit               ●  ●  ●  ●  ○  ○  ○
order.see                   ●  ○  ○  ○  ○  ○  ○
co_deputy.invite            ●  ○  ○  ○  ○  ○  ○
client.edit                 ●  ●  ●  ●  ○  ○  ○
client.archive              ○  ●  ●  ●  ○  ○  ○
client.discharge            ○  ○  ○  ○  ○  ●  ●
note.write                  ○  ●  ●  ●  ○  ○  ○
dashboard.see               ○  ●  ●  ●  ○  ○  ○
member.see                  ○  ●  ●  ●  ○  ○  ○
member.manage               ○  ●  ●  ○  ○  ○  ○
admin_right.drop            ○  ○  ●  ○  ○  ○  ○
user.search                 ○  ○  ○  ○  ●  ●  ●
client.search               ○  ○  ○  ○  ●  ●  ●
organisation.search         ○  ○  ○  ○  ●  ●  ●
organisation.manage         ○  ○  ○  ○  ●  ●  ●
checklist.fill              ○  ○  ○  ○  ●  ●  ●
submission.see              ○  ○  ○  ○  ●  ●  ●
figures.see                 ○  ○  ○  ○  ●  ●  ●
report.manage               ○  ○  ○  ○  ●  ●  ●
user.manage                 ○  ○  ○  ○  ●  ●  ●
user.delete                 ○  ○  ○  ○  ○  ●  ●
user.protect                ○  ○  ○  ○  ○  ○  ●
organisation.delete         ○  ○  ○  ○  ○  ○  ●
submission.download_report  ○  ○  ○  ○  ○  ○  ●
submission.resend           ○  ○  ○  ○  ○  ○  ●
ingest.start                ○  ○  ○  ○  ○  ○  ●
notice.edit                 ○  ○  ○  ○  ○  ○  ●
figures.extract             ○  ○  ○  ○  ○  ○  ●
"""
"""The function matrix of the handbook (deputy-people 2.2, deputy-admin 8.2), in our verbs. Staff see reports with
other verbs, through their own pages.
"""

COLUMNS: dict[str, list[str]] = {
    "L": [people.LAY],
    "N": [people.PA_NAMED, people.PROF_NAMED],
    "OA": [people.PA_ADMIN, people.PROF_ADMIN],
    "TM": [people.PA_TEAM_MEMBER, people.PROF_TEAM_MEMBER],
    "A": [people.ADMIN],
    "AM": [people.ADMIN_MANAGER],
    "SA": [people.SUPER_ADMIN],
}


def test_every_role_may_do_what_the_handbook_says() -> None:
    head, *lines = (line.split() for line in MATRIX.strip().splitlines())
    wrong = [
        f"{role} {verb}"
        for verb, *cells in lines
        for column, cell in zip(head[1:], cells, strict=True)
        for role in COLUMNS[column]
        if (verb in VERBS[role]) is not (cell == "●")
    ]
    assert wrong == []


def test_every_role_that_can_be_held_signs_in_at_one_site() -> None:
    held = {role for each in COLUMNS.values() for role in each}
    assert set(VERBS) == held
    assert SITES["front"] | SITES["admin"] == held
    assert not SITES["front"] & SITES["admin"]
