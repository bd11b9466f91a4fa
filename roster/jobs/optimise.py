"""The optimiser's queue: its worker does nothing else, so that a run never holds up mails (planning.runs)."""

from procrastinate.contrib.django import app

from roster.planning import runs


@app.task(name="optimise", queue=runs.QUEUE)
def optimise(run_id: int) -> None:
    runs.work(run_id)
