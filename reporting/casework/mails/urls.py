"""Addresses of mails that did not go out."""

from django.urls import path

from reporting.casework.mails import views

urlpatterns = [
    path("mails", views.undelivered_mails, name="undelivered_mails"),
    path("mails/returned", views.returned_mails, name="returned_mails"),
    path("mails/<int:mail_id>", views.mail_decide, name="mail_decide"),
]
