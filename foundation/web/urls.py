"""Addresses that every site has; root urlconfs include them at the top level."""

from django.urls import path

from foundation import health
from foundation.web import site

urlpatterns = [
    path("cookies", site.cookies, name="cookies"),
    path("privacy", site.privacy, name="privacy"),
    path("accessibility-statement", site.accessibility, name="accessibility"),
    path("terms", site.terms, name="terms"),
    path("session-keep-alive", site.session_keep_alive, name="session_keep_alive"),
    path("health-check", health.alive, name="health"),
    path("health-check/service", health.service, name="health_service"),
    path("health-check/dependencies", health.dependencies, name="health_dependencies"),
    path("health-check/jobs", health.job_health, name="health_jobs"),
    path("health-check/pingdom", health.pingdom, name="health_pingdom"),
]
