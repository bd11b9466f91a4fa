"""Addresses of bank statement import."""

from django.urls import include, path

from reporting.reports.statements import views

pages = [
    path("", views.statements, name="statements"),
    path("add/<uuid:account>/", views.add, name="statement_add"),
    path("file/<uuid:token>/", views.file, name="statement_file"),
    path("file/<uuid:token>/remove/", views.remove, name="statement_remove"),
    path("sort/", views.sort, name="statements_sort"),
    path("payments/", views.payments, name="statements_payments"),
    path("balance/", views.balance, name="statements_balance"),
    path("admit/", views.admit, name="statements_admit"),
    path("suggestions/", views.suggestions, name="statements_suggestions"),
]

urlpatterns = [path("report/<int:report_id>/statements/", include(pages))]
