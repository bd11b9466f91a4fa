"""Demand on the planners' face."""

from django.urls import path, register_converter

import roster.dates  # noqa: F401  # <day:...>
from roster.demand import upkeep, views


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
    path("demand/asked", upkeep.asked, name="demand_asked"),
    path("demand/asked/<int:requirement_id>/end", upkeep.requirement_end, name="requirement_end"),
    path("demand/posts", upkeep.posts, name="posts"),
    path("demand/posts/add", upkeep.post, name="post_add"),
    path("demand/posts/<int:post_id>", upkeep.post, name="post"),
    path("demand/posts/<int:post_id>/close", upkeep.post_close, name="post_close"),
    path("demand/special-days", upkeep.special_days, name="special_days"),
    path("demand/special-days/<int:special_id>/take-away", upkeep.special_day_end, name="special_day_end"),
    path("demand/add", views.requirement, name="requirement_add"),
    path("demand/change/<int:requirement_id>", views.requirement, name="requirement"),
    path("demand/cases/open", views.case, name="case_open"),
    path("demand/cases/<int:case_id>/end", views.case_end, name="case_end"),
]
