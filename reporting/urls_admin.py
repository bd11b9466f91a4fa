"""Addresses of the admin site (OPG staff)."""

from django.urls import URLPattern, URLResolver, include, path

from foundation.web.notice import service_notice

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("foundation.web.urls")),
    path("", include("foundation.accounts.urls")),
    path("", include("foundation.draft_views")),
    path("service-notice", service_notice, name="service_notice"),
    path("", include("reporting.casework.figures.urls")),
    path("", include("reporting.casework.ingest.urls")),
    path("", include("reporting.casework.mails.urls")),
    path("", include("reporting.casework.urls")),
]

handler400 = "foundation.web.pages.bad_request"
handler403 = "foundation.web.pages.forbidden"
handler404 = "foundation.web.pages.not_found"
handler500 = "foundation.web.pages.server_error"
