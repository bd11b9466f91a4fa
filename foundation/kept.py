"""Subqueries that say what a person may see, kept as text.

Every page asks one, and Django takes ten times as long to put such a statement together as PostgreSQL to answer it.
So it is put together once, and afterwards only the person is filled in.
"""

from collections.abc import Callable
from functools import cache, wraps
from typing import Any

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

SOMEBODY = -1
"""Stands for the person's id while the statement is put together."""


def of_person(build: Callable[[int], QuerySet[Any, Any]]) -> Callable[[Any], RawSQL]:
    """Decorates a function from a user's id to a queryset of keys; called with a user, for ``pk__in=``."""

    @cache
    def statement() -> tuple[str, tuple[Any, ...]]:
        return build(SOMEBODY).query.sql_with_params()

    @wraps(build)
    def subquery(user: Any) -> RawSQL:
        text, values = statement()
        return RawSQL(text, [user.pk if value == SOMEBODY else value for value in values])  # noqa: S611 - from the ORM

    return subquery
