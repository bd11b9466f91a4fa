"""The worker's part of extracts."""

from procrastinate.contrib.django import app

from reporting.casework.figures.models import Extract


@app.task(name="make_extract")
def make_extract(extract: int) -> None:
    """Make a file that somebody asked for."""
    from reporting.casework.figures import actions

    actions.make(Extract.objects.get(pk=extract))
