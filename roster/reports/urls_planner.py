"""Reports on the planners' face."""

from django.urls import path

from roster.reports import views

urlpatterns = [
    path("reports", views.index, name="reports"),
    path("reports/<slug:kind>", views.report, name="report"),
]
