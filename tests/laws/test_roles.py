"""The database itself keeps the laws of its roles (architecture 5, Audit)."""

import pghistory.models
import pytest
from django.apps import apps
from django.conf import settings
from django.db import ProgrammingError, connection, transaction

from foundation import roles
from foundation.audit import AuditEvent
from foundation.testing.database import as_owner

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
