"""Nightly on a training server: back to its beginning, with the plans of the day before gone (R-025, staff-roster 19).

Only the database's owner may empty row history, and the worker is not: the command runs beside it, with the owner's
address.
"""

import os
import subprocess
import sys
from typing import Any

from django.conf import settings

from foundation.jobs import overnight


class NoOwner(Exception):
    """TRAINING_OWNER_URL is not set: nothing was changed."""


@overnight(at="02:00", done_by="03:00", enabled="TRAINING")
def reset_training() -> dict[str, Any]:
    if not settings.TRAINING_OWNER_URL:
        raise NoOwner
    environment = os.environ | {"DATABASE_URL": settings.TRAINING_OWNER_URL}
    command = [sys.executable, "manage.py", "reset_training"]
    subprocess.run(command, cwd=settings.ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
    return {"server": settings.TRAINING}
