"""``manage.py notice on --text "..."`` or ``off``: the service notice on the front site."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from foundation.web.notice import set_notice


class Command(BaseCommand):
    help = "Show a notice to everybody on the front site, or take it away."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("state", choices=["on", "off"])
        parser.add_argument("--text", help="a blank line begins a new paragraph; without it the last text is kept")

    def handle(self, *args: Any, state: str, text: str | None, **options: Any) -> None:
        notice = set_notice(enabled=state == "on", text=text, by=None)
        if notice.enabled and not notice.text:
            raise CommandError("There is no text yet: give one with --text.")
        self.stdout.write(f"The service notice is {state}.")
