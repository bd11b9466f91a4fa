"""Addresses of the front site (deputies)."""

from django.urls import URLPattern, URLResolver, include, path

from foundation.accounts.receipts import notify_receipts

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("foundation.web.urls")),
    path("", include("foundation.accounts.urls")),
    path("", include("foundation.draft_views")),
    path("notify/receipts", notify_receipts, name="notify_receipts"),
    path("", include("reporting.reports.document_urls")),
    path("", include("reporting.submissions.urls")),
    path("", include("reporting.reports.statements.urls")),
    path("", include("reporting.reports.split_merge.urls")),
    path("", include("reporting.reports.urls")),
    path("", include("reporting.people.urls")),
    path("", include("reporting.home.urls")),
]

handler400 = "foundation.web.pages.bad_request"
handler403 = "foundation.web.pages.forbidden"
handler404 = "foundation.web.pages.not_found"
handler500 = "foundation.web.pages.server_error"
