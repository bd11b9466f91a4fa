"""What a form offers to choose from, where that is known only with the request."""

from typing import Any

from django.db.models import QuerySet
from django.forms import BaseForm, ChoiceField, ModelChoiceField


def offer(form: BaseForm, name: str, choices: Any) -> None:
    """Let the field ``name`` offer these pairs of value and words."""
    field = form.fields[name]
    assert isinstance(field, ChoiceField)
    field.choices = choices


def offer_rows(form: BaseForm, name: str, rows: QuerySet[Any], *, required: str = "") -> None:
    """Let the field ``name`` offer these rows. ``required``: one must be chosen; this stands there until then."""
    field = form.fields[name]
    assert isinstance(field, ModelChoiceField)
    field.queryset = rows
    if required:
        field.required, field.empty_label = True, required
