"""Settings of the processes under kill: those of deputy reporting, with steps counted and faults planted on demand."""

from tests.settings import *  # noqa: F403

INSTALLED_APPS = [*INSTALLED_APPS, "tests.kills.apps.Kills"]  # noqa: F405
MIDDLEWARE = ["tests.kills.steps.Counted", *MIDDLEWARE]  # noqa: F405
DATABASES["default"]["OPTIONS"]["pool"]["timeout"] = 1  # type: ignore[index]  # noqa: F405
