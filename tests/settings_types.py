"""For the type checker only: both services at once, so that one run checks all (pyproject.toml)."""

from reporting.settings import *  # noqa: F403
from reporting.settings import INSTALLED_APPS as REPORTING
from roster.settings import *  # noqa: F403

INSTALLED_APPS = [*REPORTING, "roster"]
