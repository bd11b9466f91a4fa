"""Start-up of what both services stand on."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class FoundationConfig(AppConfig):
    name = "foundation"

    def ready(self) -> None:
        from foundation import jobs, roles, triggers

        post_migrate.connect(roles.grant, sender=self, dispatch_uid="roles")
        triggers.render_less()
        jobs.load()
