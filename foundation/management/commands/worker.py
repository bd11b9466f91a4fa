"""A worker process: takes jobs from the queue until it is told to stop."""

import threading
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connections
from procrastinate import PsycopgConnector
from procrastinate.contrib.django import app
from procrastinate.contrib.django.utils import connector_params

from foundation import jobs


class Command(BaseCommand):
    help = "Run a worker. SIGTERM or Ctrl-C lets the job in hand finish first."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--queue", default="default", help="the one queue that it serves (default: %(default)s)")

    def handle(self, *args: Any, **options: Any) -> None:
        jobs.beat(options["queue"])
        threading.Thread(target=self._beat, args=[options["queue"]], daemon=True).start()
        self.stdout.write("worker ready")
        self.stdout.flush()
        # One connection: after a crash of the database the pool tries those it had one by one, ever more slowly.
        with app.replace_connector(PsycopgConnector(kwargs=connector_params(), min_size=1, max_size=1)):
            app.run_worker(
                name="worker",
                queues=[options["queue"]],
                delete_jobs="successful",
                fetch_job_polling_interval=min(5.0, settings.WORKER_HEARTBEAT_SECONDS),
                update_heartbeat_interval=settings.WORKER_HEARTBEAT_SECONDS,
                stalled_worker_timeout=settings.WORKER_STALLED_SECONDS,
                shutdown_graceful_timeout=30,
            )

    def _beat(self, queue: str) -> None:
        """The health page asks for a sign of life that is younger than a minute, also during a long job."""
        stopped = threading.Event()
        while not stopped.wait(settings.WORKER_HEARTBEAT_SECONDS):
            try:
                jobs.beat(queue)
            except Exception:  # noqa: BLE001 - the database may be away; the next beat tries again
                connections.close_all()
