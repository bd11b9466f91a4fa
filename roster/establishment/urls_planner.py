"""Pages about the organisation and its people."""

from django.urls import path

from roster.establishment import changes_views, establishment_views, joining_views, unit_views, views
from roster.establishment.import_views import imports, start, template
from roster.establishment.settings_views import settings_in_force

urlpatterns = [
    path("", views.home, name="home"),
    path("staff", views.staff, name="staff"),
    path("staff/skills-expiring", views.skills_expiring, name="skills_expiring"),
    path("staff/add", joining_views.staff_add, name="staff_add"),
    path("staff/import", imports, name="imports"),
    path("staff/import/<slug:kind>", start, name="import"),
    path("staff/import/<slug:kind>/template.<slug:form>", template, name="import_template"),
    path("staff/<int:person_id>", views.person, name="person"),
    path("staff/<int:person_id>/changes", changes_views.changes, name="person_changes"),
    path("staff/<int:person_id>/details", views.person_details, name="person_details"),
    path("staff/<int:person_id>/change/<slug:kind>", views.person_change, name="person_change"),
    path("staff/<int:person_id>/end/<slug:kind>/<int:row_id>", views.person_end, name="person_end"),
    path("establishments/<slug:code>", establishment_views.establishment, name="establishment"),
    path("establishments/<slug:code>/functions/add", establishment_views.function_add, name="function_add"),
    path("functions/<int:function_id>", establishment_views.function_rename, name="function_rename"),
    path("establishments/<slug:code>/units/add", unit_views.unit_add, name="unit_add"),
    path("units/<int:unit_id>", unit_views.unit, name="unit"),
    path("units/<int:unit_id>/rename", unit_views.unit_rename, name="unit_rename"),
    path("units/<int:unit_id>/move", unit_views.unit_move, name="unit_move"),
    path("units/<int:unit_id>/open", unit_views.unit_open, name="unit_open"),
    path("units/<int:unit_id>/close", unit_views.unit_close, name="unit_close"),
    path("settings", settings_in_force, name="settings_in_force"),
]
