"""Rota patterns that wait for somebody to approve them."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse

from foundation import clock
from roster.patterns.models import Pattern, PatternVersion
from roster.waiting import Task

MOST = 3
"""So many are named; the rest stands on the page of all."""


def waiting(user: Any) -> Iterator[Task]:
    rows = PatternVersion.objects.filter(
        pattern__in=Pattern.objects.visible_to(user, "pattern.approve"), state=PatternVersion.State.CONSULTED,
        consulted_on__isnull=False,
    ).select_related("pattern").order_by("consulted_on", "pk")  # fmt: skip
    for row in rows[:MOST]:
        until = row.consulted_until
        open_still = until is not None and clock.today() <= until
        words = f"in consultation until {until:%-d %B}" if open_still else "can be approved, its consultation is over"
        yield Task(f"Rota pattern {row.pattern.name}: {words}", reverse("pattern_version", args=[row.pk]))
