"""Writing, changing and deleting notes. Each action is one transaction; what a note says is never in the audit."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from foundation import audit, clock
from foundation.accounts.models import User
from reporting.people.actions import Stale
from reporting.people.models import Client
from reporting.people.notes.models import Note


@transaction.atomic
def add(client: Client, values: dict[str, Any], *, by: User) -> Note:
    """The same words by the same person twice in a row are a double click."""
    row = Client.objects.visible_to(by).select_for_update().get(pk=client.pk)
    if row.organisation is None:
        raise PermissionDenied
    last = Note.objects.filter(client=row, organisation=row.organisation).order_by("pk").last()
    if last is not None and last.created_by == by and all(getattr(last, name) == values[name] for name in values):
        return last
    note = Note.objects.create(client=row, organisation=row.organisation, created_by=by, **values)
    audit.record("NOTE_ADDED", by=by, subject=note)
    return note


@transaction.atomic
def change(note: Note, values: dict[str, Any], *, by: User, version: int) -> Note:
    """Raises Stale, or Note.DoesNotExist if somebody deleted it."""
    row = Note.objects.visible_to(by).select_for_update(of=("self",)).get(pk=note.pk)
    if all(getattr(row, name) == value for name, value in values.items()):
        return row
    if row.version != version:
        raise Stale(row)
    for name, value in values.items():
        setattr(row, name, value)
    row.changed_at, row.changed_by = clock.now(), by
    row.version += 1
    row.save()
    audit.record("NOTE_CHANGED", by=by, subject=row)
    return row


@transaction.atomic
def delete(note: Note, *, by: User, version: int) -> None:
    """Raises Stale if the note is not the one that the person saw; deleted already is deleted."""
    row = Note.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=note.pk).first()
    if row is None:
        return
    if row.version != version:
        raise Stale(row)
    audit.record("NOTE_DELETED", by=by, subject=row)
    row.delete()
