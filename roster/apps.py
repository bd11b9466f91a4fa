"""Start-up of the staff roster."""

from django.apps import AppConfig


class RosterConfig(AppConfig):
    name = "roster"
