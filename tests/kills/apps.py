"""Only processes with tests.kills.settings load this: the service itself knows nothing of it."""

from django.apps import AppConfig


class Kills(AppConfig):
    name = "tests.kills"

    def ready(self) -> None:
        from tests.kills import plants, steps

        steps.install()
        plants.install()
