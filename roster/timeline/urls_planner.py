"""Who changed a duty and when, and somebody who leaves, on the planners' face."""

from django.urls import path

from roster.timeline import history_views, leaving_views

urlpatterns = [
    path("history", history_views.history, name="history"),
    path("history.csv", history_views.history_file, name="history_file"),
    path("staff/<int:person_id>/leave", leaving_views.staff_leave, name="staff_leave"),
    path("staff/<int:person_id>/stay", leaving_views.staff_stay, name="staff_stay"),
]
