"""Every minute: give notice of changes that have settled (staff-roster 8.3)."""

from procrastinate.contrib.django import app

from roster.diary.actions import tell_settled


@app.periodic(cron="* * * * *")
@app.task(name="settle_changes", queueing_lock="settle_changes")
def settle_changes(timestamp: int = 0) -> None:
    tell_settled()
