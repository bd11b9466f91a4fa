"""Addresses of reading through, submitting, and what follows."""

from django.urls import path

from reporting.submissions import views

urlpatterns = [
    path("report/<int:report_id>/review/", views.review, name="report_review"),
    path("report/<int:report_id>/preview.pdf", views.preview_pdf, name="report_preview_pdf"),
    path("report/<int:report_id>/confirm-details/", views.confirm_details, name="confirm_details"),
    path("report/<int:report_id>/declaration/", views.declaration, name="declaration"),
    path("report/<int:report_id>/submitted/", views.submitted, name="submitted"),
    path("report/<int:report_id>/research/", views.research, name="research"),
    path("report/<int:report_id>/thank-you/", views.thank_you, name="thank_you"),
    path("report/<int:report_id>/attach/send/", views.send_documents, name="documents_send"),
]
