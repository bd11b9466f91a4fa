"""Addresses of the face api: every feature folder with a module ``urls_api`` brings its own."""

from roster.faces import patterns

urlpatterns = patterns("api")

handler400 = "roster.api.bad_request"
handler403 = "roster.api.forbidden"
handler404 = "roster.api.missing"
handler500 = "roster.api.server_error"
handler503 = "roster.api.unavailable"
