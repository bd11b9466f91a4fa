"""Print the report's contents page from the code alone: which sections each type has, and in which order."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from reporting.engine.report_types import TYPES, Family
from reporting.engine.section import all_sections, sections_of


class Command(BaseCommand):
    help = "Show the sections of every report type, in each family's order. Needs no database."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print {type: [section ids]}")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["json"]:
            found = {code: [section.key for section in sections_of(kind)] for code, kind in TYPES.items()}
            self.stdout.write(json.dumps(found, indent=2))
            return
        for family in Family:
            kinds = [kind for kind in TYPES.values() if kind.family is family]
            self.stdout.write(f"\n{family.value}: {', '.join(kind.code for kind in kinds)}")
            members = [section for section in all_sections() if family in section.order]
            for section in sorted(members, key=lambda section: section.order[family]):
                types = [kind.code for kind in kinds if section.applies_to(kind)]
                self.stdout.write(
                    f"{section.order[family]:>5}  {section.key:<22} PDF {section.place:<4} {', '.join(types)}"
                )
