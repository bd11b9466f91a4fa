"""Addresses of clients, for staff."""

from django.urls import path

from reporting.casework.clients import views

urlpatterns = [
    path("clients", views.client_search, name="client_search"),
    path("clients/<int:client_id>", views.client, name="client"),
    path("clients/<int:client_id>/archived", views.client_archived, name="client_archived"),
    path("clients/<int:client_id>/discharge", views.client_discharge, name="client_discharge"),
    path("clients/<int:client_id>/unarchive", views.client_unarchive, name="client_unarchive"),
    path("clients/<int:client_id>/documents", views.client_documents, name="client_documents"),
    # Other systems of the office link to this one.
    path(
        "admin/client/case-number/<str:case_number>/details", views.client_by_case_number, name="client_by_case_number"
    ),
]
