"""Which fields tell something about a person, and making a copy of the data without it.

Whatever can hold text is personal unless it says otherwise, where it is declared: a question by ``personal=False``,
any other field by its name in the model's ``impersonal`` (identifiers and states that a copy needs to work).
"""

import hashlib
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models, transaction

OURS = ("foundation", "reporting", "roster")
TELLING = (models.CharField, models.TextField, models.JSONField, models.BinaryField, ArrayField)
"""Kinds of field that can hold what somebody typed. Dates and amounts alone are not scrubbed."""


def our_models() -> Iterator[type[models.Model]]:
    """Every table of ours but the histories, which a scrubbed copy empties."""
    for model in apps.get_models():
        if model._meta.app_label in OURS and not model._meta.proxy and not is_history(model):
            yield model


def is_history(model: type[models.Model]) -> bool:
    return hasattr(model, "pgh_id") or model.__name__.endswith("Event")


def personal_fields(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    """The fields of a model to scrub: what a question declares, and every other text that is not impersonal."""
    impersonal: frozenset[str] = getattr(model, "impersonal", frozenset())
    found = []
    for field in model._meta.concrete_fields:
        declared = getattr(field, "personal", None)
        telling = isinstance(field, TELLING) and not field.choices and field.name not in impersonal
        if telling if declared is None else declared:
            found.append(field)
    return found


def scrub() -> dict[str, int]:
    """Replace everything personal in this database and empty the histories; returns rows by table.

    Refused in production: it is for a copy that is going to be looked at. The same value becomes the same
    replacement, so that what belonged together still does.
    """
    if settings.ENVIRONMENT == "production":
        raise RuntimeError("This is the production database: scrub a copy of it.")
    counts = {}
    with transaction.atomic(), connection.cursor() as cursor:
        for model in our_models():
            if fields := personal_fields(model):
                sets = ", ".join(f'"{field.column}" = {_replacement(field)}' for field in fields)
                # Only names of our own tables and columns are put together here.
                cursor.execute(f'UPDATE "{model._meta.db_table}" SET {sets}')  # noqa: S608
                counts[model._meta.db_table] = cursor.rowcount
        for model in apps.get_models():
            if model._meta.app_label in OURS and is_history(model):
                cursor.execute(f'DELETE FROM "{model._meta.db_table}"')  # noqa: S608
    return counts


def _replacement(field: models.Field[Any, Any]) -> str:
    """SQL that makes a harmless value of the same kind, never longer than the column, empty where it was empty."""
    column = f'"{field.column}"'
    if isinstance(field, models.JSONField):
        return "'{}'::jsonb" if isinstance(field.get_default(), dict) else "'[]'::jsonb"
    if isinstance(field, models.BinaryField):
        return "''::bytea"
    if isinstance(field, ArrayField | models.DateField | models.DecimalField | models.IntegerField):
        return column if not field.null else "NULL"
    if isinstance(field, models.EmailField):
        scrubbed = f"substr(md5({column} || '{_salt()}'), 1, 20) || '@scrubbed.example'"
    else:
        width = min(field.max_length or 32, 32)
        scrubbed = f"substr(md5({column} || '{_salt()}'), 1, {width})"
    return f"CASE WHEN {column} IS NULL OR {column} = '' THEN {column} ELSE {scrubbed} END"


def _salt() -> str:
    """So that a value cannot be found again by hashing guesses without our key."""
    return hashlib.sha256(settings.SECRET_KEY.encode()).hexdigest()[:16]
