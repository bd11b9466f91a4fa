"""Addresses of organisations and their members."""

from django.urls import path

from reporting.people.organisations import views

urlpatterns = [
    path("organisations", views.organisations, name="organisations"),
    path("organisations/<int:organisation_id>", views.organisation, name="organisation"),
    path("organisations/<int:organisation_id>/members/add", views.member_add, name="member_add"),
    path("organisations/<int:organisation_id>/members/<int:user_id>/edit", views.member_edit, name="member_edit"),
    path("organisations/<int:organisation_id>/members/<int:user_id>/remove", views.member_remove, name="member_remove"),
    path("organisations/<int:organisation_id>/members/<int:user_id>/invite", views.member_invite, name="member_invite"),
    path("your-details/admin-right", views.drop_admin_right, name="drop_admin_right"),
]
