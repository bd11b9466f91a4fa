"""What managers see of their team's diaries."""

from django.urls import path

import roster.dates  # noqa: F401  # <day:...>
from roster.diary import team_views

urlpatterns = [
    path("team", team_views.team, name="team"),
    path("team/<day:day>", team_views.team, name="team_from"),
]
