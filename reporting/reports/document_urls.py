"""Addresses of documents. Included before those of sections, whose patterns would take some of these."""

from django.urls import path

from reporting.reports import document_views as views

urlpatterns = [
    path("report/<int:report_id>/documents/upload/", views.upload, name="documents_upload"),
    path("report/<int:report_id>/documents/missing/", views.missing, name="documents_missing"),
    path("report/<int:report_id>/documents/<uuid:token>/remove/", views.remove, name="document_remove"),
    path("report/<int:report_id>/attach/", views.attach, name="documents_attach"),
    path("document/<uuid:token>/", views.download, name="document_download"),
]
