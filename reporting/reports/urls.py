"""Addresses of reports and their sections."""

from django.urls import path

from reporting.reports import section_views, views

urlpatterns = [
    path("report/<int:report_id>/", views.overview, name="report_overview"),
    path("report/<int:report_id>/period/", views.period, name="report_period"),
    path("report/<int:report_id>/gather/", views.gather, name="report_gather"),
    path("report/<int:report_id>/due-date.ics", views.due_date_calendar, name="report_calendar"),
    path("report/<int:report_id>/<slug:section>/", section_views.section_home, name="section"),
    path("report/<int:report_id>/<slug:section>/<slug:entry>/add/", section_views.entry_add, name="entry_add"),
    path("report/<int:report_id>/<slug:section>/<slug:page>/", section_views.section_page, name="section_page"),
    path(
        "report/<int:report_id>/<slug:section>/<slug:entry>/<uuid:token>/remove/",
        section_views.entry_remove,
        name="entry_remove",
    ),
    path(
        "report/<int:report_id>/<slug:section>/<slug:entry>/<uuid:token>/<slug:page>/",
        section_views.entry_page,
        name="entry_page",
    ),
]
