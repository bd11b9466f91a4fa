"""``manage.py maintenance on|off --site NAME``: close a site, and open it again."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from foundation.accounts import service
from foundation.web import maintenance


class Command(BaseCommand):
    help = "Close a site for maintenance, or open it again. Works while the database is down."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("state", choices=["on", "off"])
        parser.add_argument("--site", choices=sorted(service.sites()), required=True)
        parser.add_argument("--message", default="", help="shown on the page, such as until when the site is closed")

    def handle(self, *args: Any, state: str, site: str, message: str, **options: Any) -> None:
        maintenance.switch(site, state == "on", message)
        self.stdout.write(f"Maintenance of the {site} site is {state}.")
