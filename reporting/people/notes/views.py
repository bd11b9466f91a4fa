"""Pages of notes on a client. The notes themselves are listed on the client's page."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from foundation import drafts
from foundation.access import may
from reporting.engine.fields import ParagraphsField
from reporting.people import queries
from reporting.people.actions import Stale
from reporting.people.forms import Line
from reporting.people.models import Client
from reporting.people.notes import actions
from reporting.people.notes.models import Note
from reporting.people.views import both_values, person, version_of


class Words(ParagraphsField):
    def __init__(self, label: str) -> None:
        super().__init__()
        self.label = label

    def to_python(self, value: Any) -> str:
        return super().to_python(value) or ""


class NoteForm(forms.Form):
    category = forms.ChoiceField(
        label="Category", choices=[("", "Choose a category"), *Note.Category.choices],
        error_messages={"required": "Choose a category"},
    )  # fmt: skip
    title = Line("Title", "Enter a title", longest=150)
    content = Words("Note (optional)")


def shown(note: Note) -> dict[str, str]:
    return {"category": note.category, "title": note.title, "content": note.content}


def _notes_of(client: Client) -> str:
    return reverse("client", args=[client.pk]) + "#notes"


@may("note.write")
@require_http_methods(["GET", "POST"])
@drafts.shown
def note_add(request: HttpRequest, client_id: int) -> HttpResponse:
    client = queries.client_of(request.user, client_id)
    form = NoteForm(request.POST or None)
    draft = drafts.restore(request, form)
    if request.method == "POST" and form.is_valid():
        actions.add(client, form.cleaned_data, by=person(request))
        drafts.saved(request)
        messages.success(request, "The note has been added.")
        return redirect(_notes_of(client))
    return render(request, "people/notes/edit.html", {"client": client, "form": form, "draft": draft, "note": None})


@may("note.write")
@require_http_methods(["GET", "POST"])
@drafts.shown
def note_edit(request: HttpRequest, note_id: int) -> HttpResponse:
    note = _note_of(request, note_id)
    form = NoteForm(request.POST or None, initial=shown(note))
    draft = drafts.restore(request, form)
    stale = None
    if request.method == "POST" and form.is_valid():
        try:
            actions.change(note, form.cleaned_data, by=person(request), version=version_of(request))
            drafts.saved(request)
            messages.success(request, "The note has been changed.")
            return redirect(_notes_of(note.client))
        except Note.DoesNotExist:
            raise Http404("deleted meanwhile") from None
        except Stale as error:
            stale = note = error.stored
    context = {
        "client": note.client, "note": note, "form": form, "draft": draft,
        "version": drafts.sent(draft, "version", note.version),
        "differences": both_values(form, shown(stale)) if stale else [],
    }  # fmt: skip
    return render(request, "people/notes/edit.html", context)


@may("note.write")
@require_http_methods(["GET", "POST"])
def note_delete(request: HttpRequest, note_id: int) -> HttpResponse:
    """Asks first."""
    note = _note_of(request, note_id)
    if request.method == "POST":
        try:
            actions.delete(note, by=person(request), version=version_of(request))
            messages.success(request, "The note has been deleted.")
            return redirect(_notes_of(note.client))
        except Stale as error:
            note = error.stored
            messages.error(request, "Somebody changed this note meanwhile. It was not deleted: read it again.")
    return render(request, "people/notes/delete.html", {"client": note.client, "note": note})


def _note_of(request: HttpRequest, note_id: int) -> Note:
    return get_object_or_404(Note.objects.visible_to(request.user).select_related("client", "created_by"), pk=note_id)
