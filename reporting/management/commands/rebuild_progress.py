"""Write down anew how far every open report is: after a change of the sections, their states or their words."""

from typing import Any

from django.core.management.base import BaseCommand

from reporting.engine.section import Answers
from reporting.reports import progress
from reporting.reports.actions import Closed, locked
from reporting.reports.models import Report


class Command(BaseCommand):
    help = "Work out the progress of every open report again; reports whose progress is right are left alone."

    def handle(self, *args: Any, **options: Any) -> None:
        keys = list(Report.objects.open().order_by("pk").values_list("pk", flat=True))
        written = sum(self._rebuild(key) for key in keys)
        self.stdout.write(f"{written} of {len(keys)} open reports were written down anew.")

    def _rebuild(self, key: int) -> bool:
        """Under the row's lock, for a deputy may be saving; a report that was never opened has no progress yet."""
        try:
            with locked(Report(pk=key)) as row:
                found = progress.compute(Answers(row))
                ready = progress.is_ready(found)
                if (row.progress, row.ready) == (found, ready):
                    return False
                row.progress, row.ready = found, ready
                row.save(update_fields=["progress", "ready"])
                return True
        except Closed:
            return False
