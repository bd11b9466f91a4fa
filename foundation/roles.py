"""Three database roles, and what each may do (architecture 5, Audit).

The owner migrates and deletes by retention. The app reads and writes, but on event tables it may only add.
The reader only reads. Rights are granted again after every ``migrate``.
"""

from typing import Any

from django.conf import settings
from django.db import connection, transaction

EVENT_TABLES = r"event$"
"""Names of tables that only grow: row history (pghistory) and explicit audit events."""

# Two databases of one server may be migrated at the same moment, and roles belong to the server.
CREATE_ROLE = """
DO $$ BEGIN CREATE ROLE "{role}" LOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$
"""


@transaction.atomic
def grant(**signal: Any) -> None:
    """Give the app and the reader their rights on every table that exists now. Needs the owner's connection."""
    app, reader = settings.DATABASE_APP_ROLE, settings.DATABASE_READER_ROLE
    with connection.cursor() as cursor:
        for role in (app, reader):
            cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
            if not cursor.fetchone():
                cursor.execute(CREATE_ROLE.format(role=role))
            cursor.execute(f'GRANT USAGE ON SCHEMA public TO "{role}"')
        cursor.execute(f'GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO "{app}"')
        cursor.execute(f'GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO "{app}"')
        cursor.execute(f'GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO "{app}"')
        cursor.execute(f'GRANT SELECT ON ALL TABLES IN SCHEMA public TO "{reader}"')
        for table in event_tables():
            cursor.execute(f'REVOKE UPDATE, DELETE, TRUNCATE ON "{table}" FROM "{app}"')
        for table, columns in settings.SEALED_TABLES.items():
            cursor.execute("SELECT to_regclass(%s)", [table])
            if cursor.fetchone() != (None,):
                listed = ", ".join(f'"{column}"' for column in columns)
                cursor.execute(f'REVOKE UPDATE, DELETE, TRUNCATE ON "{table}" FROM "{app}"')
                cursor.execute(f'GRANT UPDATE ({listed}) ON "{table}" TO "{app}"')


def event_tables() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename ~ %s ORDER BY 1", [EVENT_TABLES]
        )
        return [name for (name,) in cursor.fetchall()]
