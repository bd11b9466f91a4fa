"""Addresses of notes on a client."""

from django.urls import path

from reporting.people.notes import views

urlpatterns = [
    path("clients/<int:client_id>/notes/add", views.note_add, name="note_add"),
    path("notes/<int:note_id>/edit", views.note_edit, name="note_edit"),
    path("notes/<int:note_id>/delete", views.note_delete, name="note_delete"),
]
