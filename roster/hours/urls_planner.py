"""Hours, rest owed and permitted breaches on the planners' face."""

from datetime import date

from django.urls import path, register_converter

from roster.hours import views


class DayConverter:
    """A date in an address: 2027-01-04."""

    regex = "[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date) -> str:
        return value.isoformat()


register_converter(DayConverter, "hours_day")

urlpatterns = [
    path("hours", views.hours, name="hours"),
    path("hours/<int:person_id>", views.person_hours, name="person_hours"),
    path("rest-owed", views.rest_owed, name="rest_owed"),
    path("hours/<int:person_id>/<hours_day:day>/rules", views.breaches, name="breaches"),
    path("hours/<int:person_id>/<hours_day:day>/rules/<slug:rule>/permit", views.permit, name="permit"),
]
