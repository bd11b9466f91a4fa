"""Addresses of the face planner: every feature folder with a module ``urls_planner`` brings its own."""

from roster.faces import patterns

urlpatterns = patterns("planner")

handler400 = "foundation.web.pages.bad_request"
handler403 = "foundation.web.pages.forbidden"
handler404 = "foundation.web.pages.not_found"
handler500 = "foundation.web.pages.server_error"
