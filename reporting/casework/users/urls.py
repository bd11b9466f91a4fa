"""Addresses of accounts, for staff."""

from django.urls import path

from reporting.casework.users import views

urlpatterns = [
    path("users", views.users, name="users"),
    path("users/add", views.user_add, name="user_add"),
    path("users/<int:user_id>", views.user, name="user"),
    path("users/<int:user_id>/edit", views.user_edit, name="user_edit"),
    path("users/<int:user_id>/activation", views.user_activation, name="user_activation"),
    path("users/<int:user_id>/protection", views.user_protection, name="user_protection"),
    path("users/<int:user_id>/delete", views.user_delete, name="user_delete"),
    path("users/<int:user_id>/disable", views.user_disable, name="user_disable"),
    path("users/<int:user_id>/enable", views.user_enable, name="user_enable"),
    path("users/<int:user_id>/second-factor", views.user_second_factor, name="user_second_factor"),
]
