"""Start-up of the staff roster."""

from django.apps import AppConfig


class RosterConfig(AppConfig):
    name = "roster"

    def ready(self) -> None:
        from roster.day import orderly  # noqa: F401 - it follows published changes
        from roster.diary import messages  # noqa: F401 - kinds of messages that the courier knows
        from roster.feed import rows  # noqa: F401 - so does it
        from roster.hours import following  # noqa: F401 - and so does rest that is owed
