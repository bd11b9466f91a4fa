"""Demo data of the trial service: one person, and a mark that it was made."""

import json
import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

PEOPLE = [
    {"name": "Ada Trial", "about": "Tries things", "email": "ada@example.org", "password": "Kettle4tea", "site": "site"}
]


class Command(BaseCommand):
    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--people", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["people"]:
            self.stdout.write(json.dumps(PEOPLE))
            return
        with Path(os.environ["TRIAL_FOLDER"], "demo").open("a") as file:
            file.write("made\n")
