"""Run a nightly job now: ``manage.py job NAME``; without a name, list them."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from foundation import jobs


class Command(BaseCommand):
    help = "Run a nightly job now, or list the jobs with the times (UTC) at which they run."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", nargs="?")

    def handle(self, *args: Any, **options: Any) -> None:
        name = options["name"]
        if not name:
            for job in jobs.overnights.values():
                self.stdout.write(f"{job.at}  {job.name}{'' if job.enabled else '  (off)'}")
            return
        if name not in jobs.overnights:
            raise CommandError(f"There is no job {name!r}. Known: {', '.join(sorted(jobs.overnights))}.")
        row = jobs.run_now(name)
        self.stdout.write(f"{name} - success - {row.detail}")
