"""Rest that is owed follows the published plan: whoever changes it, the gap is found anew in the same transaction."""

from collections.abc import Sequence
from typing import Any

from django.dispatch import receiver

from roster.hours.actions import settle
from roster.timeline.changes import Written, written


@receiver(written)
def follow(sender: Any, changes: Sequence[Written], **_: Any) -> None:
    settle({change.person_id for change in changes})
