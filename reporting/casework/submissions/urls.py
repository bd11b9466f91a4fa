"""Addresses of the submissions list and what is done from it."""

from django.urls import path

from reporting.casework.submissions import views

urlpatterns = [
    path("submissions", views.submissions, name="submissions"),
    path("submissions/archive", views.archive, name="submissions_archive"),
    path("submissions/synchronise", views.synchronise, name="submissions_synchronise"),
    path("submissions/download", views.download_selected, name="submissions_download"),
    path("submissions/<int:submission_id>", views.submission, name="submission"),
    path("submissions/documents/<uuid:token>", views.download, name="submission_document"),
    path("submissions/documents/<uuid:token>/make-again", views.make_again, name="submission_document_make_again"),
    path("submissions/deliveries/<int:delivery_id>/confirm", views.confirm, name="delivery_confirm"),
    path("submissions/deliveries/<int:delivery_id>/resend", views.resend, name="delivery_resend"),
]
