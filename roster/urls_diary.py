"""Addresses of the face diary: every feature folder with a module ``urls_diary`` brings its own."""

from roster.faces import patterns

urlpatterns = patterns("diary")

handler400 = "foundation.web.pages.bad_request"
handler403 = "foundation.web.pages.forbidden"
handler404 = "foundation.web.pages.not_found"
handler500 = "foundation.web.pages.server_error"
