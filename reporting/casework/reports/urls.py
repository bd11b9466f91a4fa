"""Addresses of reports, for staff."""

from django.urls import path

from reporting.casework.reports import views

urlpatterns = [
    path("reports/<int:report_id>/manage", views.manage, name="report_manage"),
    path("reports/<int:report_id>/pdf", views.report_pdf, name="report_pdf"),
    path("reports/<int:report_id>/preview", views.report_preview, name="report_preview"),
]
