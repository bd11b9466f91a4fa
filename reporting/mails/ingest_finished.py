"""To the super admin who had a nightly file read: what came of it."""

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.conf import settings
from django.urls import reverse

from foundation.clients import Rejected
from foundation.mails import Mail


@dataclass(frozen=True)
class IngestFinished(Mail):
    """Id of the run."""

    template = "a9f06c52-7d1b-4c0e-9f83-2b64d8e5c713"

    run: int

    def to(self) -> str:
        user = self._run().started_by
        if user is None:
            raise Rejected("The account has been deleted.")
        return str(user.email)

    def personalisation(self) -> dict[str, str]:
        run = self._run()
        return {
            "file": run.file,
            "isError": "no" if run.ok else "yes",
            "error": run.error,
            "rows": str(run.counts.get("rows", 0)),
            "refused": str(run.counts.get("refused", 0)),
            "counts": "\n".join(f"{name.replace('_', ' ')}: {count}" for name, count in sorted(run.counts.items())),
            "runLink": str(settings.ADMIN_URL).rstrip("/") + reverse("ingest_run", "reporting.urls_admin", [run.pk]),
        }

    def _run(self) -> Any:
        return apps.get_model("reporting", "IngestRun").objects.select_related("started_by").get(pk=self.run)
