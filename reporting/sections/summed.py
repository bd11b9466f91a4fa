"""Entries that may be the sum of payments from imported bank statements.

What adds up is not typed again: amount, kind and account of such an entry follow from its payments. Its description
is the person's.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.db import models

from reporting.engine.rows import Line
from reporting.engine.section import Entry, Page

COMPUTED = ("category", "amount", "account", "account_from", "account_to")


class Summed(Entry):
    """``payments`` is how many payments of statements it is the sum of; 0: a person typed it."""

    payments = models.PositiveIntegerField(default=0, editable=False)

    class Meta(Entry.Meta):
        abstract = True

    @property
    def origin(self) -> str:
        return "1 payment" if self.payments == 1 else f"Sum of {self.payments:,} payments"

    def line(self) -> Line:
        return replace(super().line(), origin=self.origin if self.payments else "")

    def check_page(self, at: Page, values: dict[str, Any]) -> Mapping[str, str]:
        if not self.payments:
            return super().check_page(at, values)
        return {
            name: "This comes from your bank statements. To change it, change what its payments were for"
            for name in at.questions
            if name in COMPUTED and values.get(name) != getattr(self, name)
        }

    def may_remove(self) -> str:
        if self.payments:
            return "It comes from your bank statements. Change what its payments were for, or remove the statement."
        return super().may_remove()
