"""Start-up of deputy reporting."""

from django.apps import AppConfig


class ReportingConfig(AppConfig):
    name = "reporting"
