"""Planning on the planners' face."""

from django.urls import path

import roster.dates  # <day:...>
import roster.demand.urls_planner  # noqa: F401  # <demand_key:...>
from roster.planning import insert_views, period_views, permit_views, publish_views, run_views, views

urlpatterns = [
    path("plan/", period_views.periods, name="plan"),
    path("plan/<int:period_id>/", views.board, name="plan_board"),
    path("plan/<int:period_id>/rows/", views.rows, name="plan_rows"),
    path("plan/<int:period_id>/presence/", views.presence, name="plan_presence"),
    path("plan/<int:period_id>/edit/", views.edit, name="plan_edit"),
    path("plan/<int:period_id>/people/<int:person_id>/<day:day>/", views.cell, name="plan_cell"),
    path("plan/<int:period_id>/demand/<demand_key:key>/<day:day>/", views.need, name="plan_need"),
    path(
        "plan/<int:period_id>/people/<int:person_id>/<day:day>/rules/<slug:rule>/permit/",
        permit_views.permit,
        name="plan_permit",
    ),
    path("plan/<int:period_id>/insert/", insert_views.insert, name="plan_insert"),
    path("plan/<int:period_id>/progress/", period_views.progress, name="plan_progress"),
    path("plan/<int:period_id>/publish/", publish_views.publish, name="plan_publish"),
    path("plan/<int:period_id>/publish/others/", publish_views.publish_others, name="plan_publish_others"),
    path(
        "plan/<int:period_id>/publications/<int:publication_id>/take-back/",
        publish_views.take_back,
        name="plan_take_back",
    ),
    path("plan/<int:period_id>/copy/", period_views.copy, name="plan_copy"),
    path("plan/<int:period_id>/compare/", period_views.compare, name="plan_compare"),
    path("plan/<int:period_id>/accept/", period_views.accept, name="plan_accept"),
    path("plan/<int:period_id>/drafts/<int:draft_id>/put-away/", period_views.discard, name="plan_discard"),
    path("plan/<int:period_id>/runs/", run_views.runs_page, name="plan_runs"),
    path("plan/<int:period_id>/runs/<int:run_id>/", run_views.run, name="plan_run"),
    path("plan/<int:period_id>/runs/<int:run_id>/stop/", run_views.stop, name="plan_run_stop"),
]
