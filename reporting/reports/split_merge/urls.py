"""Address of what became of a report. Before the addresses of sections, which would take it for one."""

from django.urls import path

from reporting.reports.split_merge import views

urlpatterns = [path("report/<int:report_id>/changes/", views.report_changes, name="report_changes")]
