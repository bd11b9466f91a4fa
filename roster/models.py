"""Gathers the tables of the staff roster for Django, and puts row history on them.

Every ``models.py`` of a feature folder is found. History (django-pghistory) is written by database triggers, once a
statement, as a publication inserts tens of thousands of rows; a table that says ``history = False`` has none (what can
be made again, or is history itself).
"""

import pghistory
import pgtrigger
from django.db import models

from foundation import discover


def tables() -> list[type[models.Model]]:
    """Every table of the feature folders, in order of folder and line."""
    return [
        item
        for module in discover.in_folders("roster", "models").values()
        for item in vars(module).values()
        if isinstance(item, type)
        and issubclass(item, models.Model)
        and item.__module__ == module.__name__
        and not item._meta.abstract
    ]


for model in tables():
    if getattr(model, "history", True):
        events = (pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
        pghistory.track(*events, level=pgtrigger.Statement)(model)
