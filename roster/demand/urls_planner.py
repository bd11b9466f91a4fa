"""Demand on the planners' face."""

from django.urls import path, register_converter

import roster.dates  # noqa: F401  # <day:...>
from roster.demand import views


class KeyConverter:
    """A requirement by its number, or a case by its number below 0."""

    regex = "-?[0-9]{1,9}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: object) -> str:
        return str(value)


register_converter(KeyConverter, "demand_key")

urlpatterns = [
    path("demand", views.demand, name="demand"),
    path("demand/gap/<demand_key:key>/<day:day>", views.gap, name="demand_gap"),
    path("demand/regime/<day:day>/<slug:half>", views.regime, name="regime"),
    path("demand/add", views.requirement, name="requirement_add"),
    path("demand/change/<int:requirement_id>", views.requirement, name="requirement"),
    path("demand/cases/open", views.case, name="case_open"),
    path("demand/cases/<int:case_id>/end", views.case_end, name="case_end"),
]
