"""Addresses of checklists."""

from django.urls import path

from reporting.casework.checklists import views

urlpatterns = [
    path("checklists", views.checklists, name="checklists"),
    path("reports/<int:report_id>/checklist", views.lodging, name="checklist"),
    path("reports/<int:report_id>/checklist/full-review", views.full_review, name="checklist_full_review"),
    path("reports/<int:report_id>/checklist/submitted", views.submitted, name="checklist_submitted"),
    path("reports/<int:report_id>/checklist/pdf", views.pdf, name="checklist_pdf"),
    path("checklists/deliveries/<int:delivery_id>/confirm", views.confirm, name="checklist_confirm"),
    path("checklists/deliveries/<int:delivery_id>/resend", views.resend, name="checklist_resend"),
]
