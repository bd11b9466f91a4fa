"""The rule book on the planners' face."""

from django.urls import path

from roster.rules import views

urlpatterns = [
    path("rules", views.rules, name="rules"),
    path("rules/differences", views.drift, name="rules_drift"),
    path("rules/registers", views.registers, name="registers"),
    path("rules/registers/<slug:kind>/add", views.register_add, name="register_add"),
    path("rules/registers/<slug:kind>/<int:row_id>/end", views.register_end, name="register_end"),
    path("rules/rule/<slug:name>", views.rule, name="rule"),
]
