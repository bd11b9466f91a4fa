"""Hours, rest owed and permitted breaches on the planners' face."""

from django.urls import path

import roster.dates  # noqa: F401  # <day:...>
from roster.hours import views

urlpatterns = [
    path("hours", views.hours, name="hours"),
    path("hours/<int:person_id>", views.person_hours, name="person_hours"),
    path("rest-owed", views.rest_owed, name="rest_owed"),
    path("hours/<int:person_id>/<day:day>/rules", views.breaches, name="breaches"),
    path("hours/<int:person_id>/<day:day>/rules/<slug:rule>/permit", views.permit, name="permit"),
]
