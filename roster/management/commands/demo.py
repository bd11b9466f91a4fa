"""Demo data: ``manage.py demo`` makes it (again adds only what is missing), ``manage.py demo --people`` lists it."""

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from foundation import discover
from roster.establishment import demo
from roster.management.commands.seed import seed

FIRST = "establishment"


def make() -> None:
    """What every cell begins with, the people, then ``make()`` of every other folder that has ``demo.py``."""
    seed()
    demo.make()
    for folder, module in discover.in_folders("roster", "demo").items():
        if folder != FIRST:
            module.make()


class Command(BaseCommand):
    help = "Make an invented prison with its staff. Works only where LOCAL=yes, or on a training server."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--people", action="store_true", help="print as JSON who can sign in")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.LOCAL and not settings.TRAINING:
            raise CommandError("Demo data is made only where LOCAL=yes, or on a training server.")
        if options["people"]:
            self.stdout.write(json.dumps(demo.people(), indent=2, ensure_ascii=False))
        else:
            make()
