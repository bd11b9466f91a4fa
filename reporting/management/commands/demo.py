"""Demo data: ``manage.py demo`` makes it (again adds only what is missing), ``manage.py demo --people`` lists it."""

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from reporting.home import demo


class Command(BaseCommand):
    help = "Make invented deputies, clients, reports and staff. Works only where LOCAL=yes."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--people", action="store_true", help="print as JSON who can sign in, and who can register")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.LOCAL:
            raise CommandError("Demo data is made only where LOCAL=yes.")
        if options["people"]:
            self.stdout.write(json.dumps(demo.people(), indent=2, ensure_ascii=False))
        else:
            demo.make()
