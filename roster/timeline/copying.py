"""Insert many rows by COPY: a publication writes tens of thousands, and long INSERTs cost most of its time."""

from collections.abc import Sequence
from typing import Any

from django.db import connection, models


def insert(rows: Sequence[models.Model]) -> None:
    """Insert rows of one table, which get their keys. Triggers and constraints hold as ever; signals are not sent."""
    if not rows:
        return
    meta = rows[0]._meta
    fields = meta.concrete_fields
    kept = [field.attname for field in fields]
    converted = [(n, field) for n, field in enumerate(fields) if isinstance(field, models.JSONField)]
    quoted = connection.ops.quote_name
    names = ", ".join(quoted(str(field.column)) for field in fields)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [meta.db_table, meta.pk.column, len(rows)],
        )
        for row, (pk,) in zip(rows, cursor.fetchall(), strict=True):
            row.pk, row._state.adding = pk, False
        statement: Any = f"COPY {quoted(meta.db_table)} ({names}) FROM STDIN"
        with cursor.copy(statement) as copy:
            for row in rows:
                values = [getattr(row, name) for name in kept]
                for n, field in converted:
                    values[n] = field.get_db_prep_save(values[n], connection)
                copy.write_row(values)
