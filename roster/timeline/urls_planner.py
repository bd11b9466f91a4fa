"""Who changed a duty and when, on the planners' face."""

from django.urls import path

from roster.timeline import history_views

urlpatterns = [
    path("history", history_views.history, name="history"),
    path("history.csv", history_views.history_file, name="history_file"),
]
