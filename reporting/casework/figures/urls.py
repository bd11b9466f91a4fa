"""Addresses of figures and extracts."""

from django.urls import path

from reporting.casework.figures import views

urlpatterns = [
    path("figures", views.figures, name="figures"),
    path("figures/staff-accounts", views.staff_accounts, name="staff_accounts"),
    path("figures/extracts", views.extracts, name="extracts"),
    path("figures/extracts/new/<slug:key>", views.extract_ask, name="extract_ask"),
    path("figures/extracts/<str:token>", views.extract, name="extract"),
    path("figures/extracts/<str:token>/download", views.extract_download, name="extract_download"),
]
