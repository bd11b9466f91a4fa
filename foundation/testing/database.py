"""The database of tests: migrated once, copied for every run, used as the role ``app``.

Migrating takes many seconds and copying well under one, so the migrated database is kept as a template that is
named by a digest of everything that decides what it holds. Tests connect as the owner with ``role=app`` set from the
start: they may do exactly what the web processes may do, and ``as_owner`` goes back to the owner where a test has to.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.db.backends.postgresql.base import DatabaseWrapper

ROOT = Path(__file__).resolve().parents[2]
KEPT_TABLES = {"django_migrations", "django_content_type", "auth_permission"}
"""Filled by migrate, never by a test."""


def digest(service: str, *more: str) -> str:
    """Of every migration that is there, and of the locked versions of the packages that bring some."""
    found = hashlib.sha256()
    for path in [
        ROOT / "requirements.txt",
        ROOT / "foundation" / "roles.py",
        *sorted((ROOT / "foundation" / "migrations").glob("*.py")),
        *sorted(ROOT.joinpath(*service.split("."), "migrations").glob("*.py")),
    ]:
        found.update(path.name.encode() + path.read_bytes())
    found.update(" ".join(more).encode())
    return found.hexdigest()[:16]


def create(name: str) -> None:
    """Make the database ``name`` afresh as a copy of the template, which is made first where it is missing."""
    template = f"template_{settings.SERVICE}_{digest(settings.SERVICE, *settings.INSTALLED_APPS)}"
    with _owner() as cursor:
        # Held until the copy is made: nobody else builds the same template, or clears it away meanwhile.
        cursor.execute("SELECT pg_advisory_lock(hashtext('templates'))")
        cursor.execute(
            "SELECT datname FROM pg_database WHERE datname ~ %s", [f"^(unfinished_)?template_{settings.SERVICE}_"]
        )
        found = {row[0] for row in cursor.fetchall()}
        if template not in found:
            for stale in found:
                cursor.execute(f'DROP DATABASE IF EXISTS "{stale}" WITH (FORCE)')
            _build(cursor, template)
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')


def drop(name: str) -> None:
    with _owner() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@contextmanager
def _owner() -> Iterator[Any]:
    """A cursor that may make databases, also while the connection of tests has the role ``app``."""
    with connection._nodb_cursor() as cursor:
        cursor.execute("SET ROLE NONE")
        yield cursor


def _build(cursor: Any, template: str) -> None:
    unfinished = f"unfinished_{template}"
    cursor.execute(f'CREATE DATABASE "{unfinished}"')
    with connected_to(unfinished):
        call_command("createcachetable")
        call_command("migrate", verbosity=0, interactive=False)
    cursor.execute(f'ALTER DATABASE "{unfinished}" RENAME TO "{template}"')


def disconnect() -> None:
    """Close the connection of this thread, and all that wait in its pool."""
    here = connections[connection.alias]
    assert isinstance(here, DatabaseWrapper)
    here.close()
    here.close_pool()


@contextmanager
def connected_to(name: str, role: str = "none") -> Iterator[None]:
    """Point the connection at another database, and at a role, for the length of the block."""
    before = dict(connection.settings_dict, OPTIONS=dict(connection.settings_dict["OPTIONS"]))
    disconnect()
    connection.settings_dict["NAME"] = name
    connection.settings_dict["OPTIONS"]["options"] = f"-c role={role}"
    try:
        yield
    finally:
        disconnect()
        connection.settings_dict.update(before)


@contextmanager
def as_owner() -> Iterator[None]:
    """The rights of the owner (retention, migrations) for the length of the block."""
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")
        try:
            yield
        finally:
            cursor.execute("RESET ROLE")


def empty(*_: Any) -> None:
    """Empty every table that holds rows: what follows a test that committed (``django_db(transaction=True)``)."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = sorted({name for (name,) in cursor.fetchall()} - KEPT_TABLES)
        rows = [f"(SELECT '{name}' FROM \"{name}\" LIMIT 1)" for name in tables]  # noqa: S608 - names of our own tables
        cursor.execute(" UNION ALL ".join(rows))
        filled = [f'"{name}"' for (name,) in cursor.fetchall()]
        if filled:
            cursor.execute(f"TRUNCATE {', '.join(filled)} CASCADE")
