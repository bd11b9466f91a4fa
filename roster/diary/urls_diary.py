"""Addresses of an officer's own pages."""

from django.urls import path

import roster.dates  # noqa: F401 - days in addresses
from roster.diary import calendar_views, hours_views, sick_views, views, week_views

urlpatterns = [
    path("", views.month, name="diary"),
    path("month/<int:year>/<int:number>", views.month, name="month"),
    path("day/<int:year>/<int:number>/<int:day>", views.day, name="diary_day"),
    path("notices", views.notices, name="notices"),
    path("notices/<int:pk>/answer", views.answer, name="answer"),
    path("settings", views.preferences, name="preferences"),
    path("settings/pause", views.pause, name="pause"),
    path("week", week_views.week, name="week"),
    path("week/<day:day>", week_views.week, name="week_from"),
    path("week/<day:day>/roster.<slug:form>", week_views.week_file, name="week_file"),
    path("sick", sick_views.sick, name="own_sickness"),
    path("sick/<int:sickness_id>/take-back", sick_views.take_back, name="own_sickness_remove"),
    path("hours", hours_views.hours, name="own_hours"),
    path("settings/calendar", calendar_views.calendar_addresses, name="calendar_addresses"),
    path("settings/calendar/<slug:whose>/make", calendar_views.make_address, name="make_address"),
    path("settings/calendar/<slug:whose>/stop", calendar_views.stop_address, name="stop_address"),
    path("calendar/<str:secret>.ics", calendar_views.calendar_file, name="calendar_file"),
]
