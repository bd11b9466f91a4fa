"""Demand on the planners' face."""

from datetime import date

from django.urls import path, register_converter

from roster.demand import views


class DayConverter:
    """A date in an address: 2027-01-04."""

    regex = "[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date) -> str:
        return value.isoformat()


class KeyConverter:
    """A requirement by its number, or a case by its number below 0."""

    regex = "-?[0-9]{1,9}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: object) -> str:
        return str(value)


register_converter(DayConverter, "demand_day")
register_converter(KeyConverter, "demand_key")

urlpatterns = [
    path("demand", views.demand, name="demand"),
    path("demand/gap/<demand_key:key>/<demand_day:day>", views.gap, name="demand_gap"),
    path("demand/regime/<demand_day:day>/<slug:half>", views.regime, name="regime"),
    path("demand/add", views.requirement, name="requirement_add"),
    path("demand/change/<int:requirement_id>", views.requirement, name="requirement"),
    path("demand/cases/open", views.case, name="case_open"),
    path("demand/cases/<int:case_id>/end", views.case_end, name="case_end"),
]
