"""Addresses of an officer's own pages."""

from django.urls import path

from roster.diary import views

urlpatterns = [
    path("", views.month, name="diary"),
    path("month/<int:year>/<int:number>", views.month, name="month"),
    path("day/<int:year>/<int:number>/<int:day>", views.day, name="diary_day"),
    path("notices", views.notices, name="notices"),
    path("notices/<int:pk>/answer", views.answer, name="answer"),
    path("settings", views.preferences, name="preferences"),
    path("settings/pause", views.pause, name="pause"),
    path("settings/calendar", views.calendar_addresses, name="calendar_addresses"),
    path("calendar/<str:secret>.ics", views.calendar_file, name="calendar_file"),
]
