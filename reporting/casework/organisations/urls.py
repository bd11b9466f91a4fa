"""Addresses of organisations, for staff."""

from django.urls import path

from reporting.casework.organisations import views

urlpatterns = [
    path("organisations", views.organisations, name="organisations"),
    path("organisations/add", views.organisation_add, name="organisation_add"),
    path("organisations/<int:organisation_id>", views.organisation, name="organisation"),
    path("organisations/<int:organisation_id>/edit", views.organisation_edit, name="organisation_edit"),
    path("organisations/<int:organisation_id>/delete", views.organisation_delete, name="organisation_delete"),
    path("organisations/<int:organisation_id>/users/add", views.organisation_user_add, name="organisation_user_add"),
    path(
        "organisations/<int:organisation_id>/users/<int:user_id>/remove",
        views.organisation_user_remove,
        name="organisation_user_remove",
    ),
]
