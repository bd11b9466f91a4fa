"""Addresses of rota patterns, for planners."""

from django.urls import path

from roster.patterns import people_views, views

urlpatterns = [
    path("patterns", views.patterns, name="patterns"),
    path("patterns/add", views.pattern_add, name="pattern_add"),
    path("patterns/<int:pattern_id>", views.pattern, name="pattern"),
    path("patterns/<int:pattern_id>/draft", views.pattern_draft, name="pattern_draft"),
    path("patterns/<int:pattern_id>/people", people_views.pattern_assign, name="pattern_assign"),
    path("patterns/people/<int:assignment_id>/end", people_views.assignment_end, name="assignment_end"),
    path("patterns/versions/<int:version_id>", views.pattern_version, name="pattern_version"),
    path("patterns/versions/<int:version_id>/edit", views.pattern_edit, name="pattern_edit"),
    path("patterns/versions/<int:version_id>/figures", views.pattern_figures, name="pattern_figures"),
    path("patterns/versions/<int:version_id>/paste", views.pattern_paste, name="pattern_paste"),
    path("patterns/versions/<int:version_id>/consult", views.pattern_consult, name="pattern_consult"),
    path("patterns/versions/<int:version_id>/take-back", views.pattern_take_back, name="pattern_take_back"),
    path("patterns/versions/<int:version_id>/approve", views.pattern_approve, name="pattern_approve"),
    path("patterns/versions/<int:version_id>/retire", views.pattern_retire, name="pattern_retire"),
]
