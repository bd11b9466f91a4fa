"""Bring a training server back to its beginning: empty every table, seed, invent the demo again (R-025).

Needs the database's owner, as row history cannot be emptied by anybody else.
"""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from foundation.jobs import JobRun
from roster.management.commands.demo import make

KEPT = {"django_migrations", "django_content_type", "auth_permission", JobRun._meta.db_table}
"""Filled by migrate, not by people; and the runs of jobs, of which a reset may be one."""


def reset() -> None:
    """All or nothing: nobody meets an empty server."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            tables = sorted({f'"{name}"' for (name,) in cursor.fetchall() if name not in KEPT | _queue()})
            cursor.execute(f"TRUNCATE {', '.join(tables)} RESTART IDENTITY CASCADE")
        make()


def _queue() -> set[str]:
    """The worker's own tables: what it does just now must still be there when it has done it."""
    return {name for name in connection.introspection.table_names() if name.startswith("procrastinate_")}


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.TRAINING:
            raise CommandError("This is not a training server: nothing was changed.")
        reset()
        self.stdout.write(f"Training server {settings.TRAINING} is as at the beginning.")
