"""Makes the couriers to the case system and the submissions' tasks known to the worker."""

from reporting.casework.checklists import sync as checklists
from reporting.submissions import sync, tasks

__all__ = ["checklists", "sync", "tasks"]
