"""Addresses of the front site (deputies)."""

from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("foundation.web.urls")),
    path("", include("foundation.accounts.urls")),
    path("", include("foundation.draft_views")),
    path("", include("reporting.reports.document_urls")),
    path("", include("reporting.reports.urls")),
    # Stand-ins until their parts are here (the order of work: home by people, statements, submissions).
    path("court-orders", RedirectView.as_view(url="/"), name="home"),
    path("report/<int:report_id>/statements", RedirectView.as_view(url="/"), name="statements"),
    path("report/<int:report_id>/confirm", RedirectView.as_view(url="/"), name="confirm_details"),
    path("report/<int:report_id>/attach/send/", RedirectView.as_view(url="/"), name="documents_send"),
]

handler400 = "foundation.web.pages.bad_request"
handler403 = "foundation.web.pages.forbidden"
handler404 = "foundation.web.pages.not_found"
handler500 = "foundation.web.pages.server_error"
