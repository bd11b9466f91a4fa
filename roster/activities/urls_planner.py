"""Addresses of templates and activities, for planners."""

from django.urls import path

from roster.activities import activity_views, views

urlpatterns = [
    path("templates", views.templates, name="templates"),
    path("templates/add", views.template_add, name="template_add"),
    path("templates/look", views.template_look, name="template_look"),
    path("templates/<int:template_id>", views.template, name="template"),
    path("templates/<int:template_id>/change", views.template_change, name="template_change"),
    path("templates/<int:template_id>/close", views.template_close, name="template_close"),
    path("activities", activity_views.activities, name="activities"),
    path("activities/add", activity_views.activity_add, name="activity_add"),
    path("activities/<int:activity_id>", activity_views.activity_edit, name="activity"),
    path("activities/<int:activity_id>/close", activity_views.activity_close, name="activity_close"),
]
