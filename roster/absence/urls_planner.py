"""Sickness on the planners' face."""

from django.urls import path

from roster.absence import views

urlpatterns = [
    path("sickness/", views.spells, name="sicknesses"),
    path("sickness/report/<int:person_id>", views.report, name="sick_report"),
    path("sickness/<int:sickness_id>", views.sickness, name="sickness"),
    path("sickness/<int:sickness_id>/reason", views.reason, name="sickness_reason"),
    path("sickness/<int:sickness_id>/mistake", views.withdraw, name="sickness_remove"),
]
