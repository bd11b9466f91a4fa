"""Makes the couriers to the case system and the submissions' tasks known to the worker."""

from reporting.submissions import sync, tasks

__all__ = ["sync", "tasks"]
