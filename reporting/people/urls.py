"""Addresses of clients, a deputy's own details, organisations, and the invitation of co-deputies."""

from django.urls import include, path

from reporting.people import co_deputy_views, views

urlpatterns = [
    path("clients", views.clients, name="clients"),
    path("clients/<int:client_id>/edit", views.client_edit, name="client_edit"),
    path("clients/<int:client_id>/archive", views.client_archive, name="client_archive"),
    path("", include("reporting.people.notes.urls")),
    path("", include("reporting.people.organisations.urls")),
    path("your-details", views.settings, name="settings"),
    path("your-details/edit", views.settings_edit, name="settings_edit"),
    path("court-orders/<str:uid>/invite", co_deputy_views.invite, name="co_deputy_invite"),
    path("court-orders/<str:uid>/invite/<int:invitation_id>", co_deputy_views.invite_again, name="co_deputy_again"),
]
