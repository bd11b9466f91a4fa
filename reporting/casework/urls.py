"""Addresses of what staff work with. Each folder has its own below."""

from django.urls import include, path

from reporting.casework import views
from reporting.casework.settings_in_force import settings_in_force

urlpatterns = [
    path("", views.home, name="home"),
    path("search", views.search, name="search"),
    path("", include("reporting.casework.clients.urls")),
    path("", include("reporting.casework.checklists.urls")),
    path("", include("reporting.casework.reports.urls")),
    path("", include("reporting.casework.users.urls")),
    path("", include("reporting.casework.organisations.urls")),
    path("", include("reporting.casework.submissions.urls")),
    path("settings", settings_in_force, name="settings_in_force"),
]
