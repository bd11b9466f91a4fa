"""Addresses of runs of the nightly files."""

from django.urls import path

from reporting.casework.ingest import views

urlpatterns = [
    path("nightly-files", views.ingest_runs, name="ingest_runs"),
    path("nightly-files/<int:run_id>", views.ingest_run, name="ingest_run"),
    path("nightly-files/<int:run_id>/refused.csv", views.ingest_refused, name="ingest_refused"),
    path("nightly-files/<slug:file>/start", views.ingest_start, name="ingest_start"),
]
