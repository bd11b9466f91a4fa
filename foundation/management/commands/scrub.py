"""Take everything personal out of a copy of the database."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from foundation import privacy


class Command(BaseCommand):
    help = "Replace every personal value in this database and empty the histories. Refused in production."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            counts = privacy.scrub()
        except RuntimeError as error:
            raise CommandError(str(error)) from None
        for table, rows in counts.items():
            self.stdout.write(f"{rows:>8}  {table}")
