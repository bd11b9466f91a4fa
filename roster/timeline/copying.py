"""Insert many rows by COPY: a publication writes tens of thousands, and long INSERTs cost most of its time."""

from collections.abc import Sequence
from typing import Any

from django.db import connection, models


def insert(model: type[models.Model], columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[int]:
    """Insert rows of plain values; their keys, in order. ``columns``: all but the key, as the database has no defaults.

    Triggers and constraints hold as ever; signals are not sent.
    """
    if not rows:
        return []
    meta = model._meta
    quoted = connection.ops.quote_name
    names = ", ".join(quoted(name) for name in (str(meta.pk.column), *columns))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [meta.db_table, meta.pk.column, len(rows)],
        )
        keys = [pk for (pk,) in cursor.fetchall()]
        statement: Any = f"COPY {quoted(meta.db_table)} ({names}) FROM STDIN"
        with cursor.copy(statement) as copy:
            for pk, row in zip(keys, rows, strict=True):
                copy.write_row((pk, *row))
    return keys
