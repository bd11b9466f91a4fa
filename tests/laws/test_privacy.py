"""A scrubbed copy holds nothing personal: whatever can hold text counts, unless its model says otherwise."""

from typing import Any

import pytest
from django.db import connection, models

from foundation import privacy
from reporting.engine.sample import fill
from tests.reporting.conftest import make_deputy, make_report


@pytest.mark.parametrize("model", list(privacy.our_models()), ids=lambda model: model.__name__)
def test_what_is_called_impersonal_exists(model: type[models.Model]) -> None:
    names = {field.name for field in model._meta.get_fields()}
    assert set(getattr(model, "impersonal", ())) <= names, "a declaration names a field that is gone"


@pytest.mark.django_db
def test_nothing_personal_is_left_in_a_scrubbed_copy(settings: Any) -> None:
    settings.ENVIRONMENT = "copy"
    deputy = make_deputy()
    report = make_report(deputy, "102-4")
    report.client.last_name = "Unmistakable"
    report.client.save()
    fill(report, 3)
    # Scrubbing deletes histories, which only the owner of the database may.
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE NONE")
    privacy.scrub()
    dump = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if not table.startswith(("django_", "procrastinate_")):
                cursor.execute(f'SELECT t::text FROM "{table}" t')  # noqa: S608
                dump += [row for (row,) in cursor.fetchall()]
    text = "\n".join(dump)
    assert dump
    for word in ("Unmistakable", deputy.email, deputy.last_name, "01632 960001", "Example Bank", "Zoë", "agreed what"):
        assert word not in text, word


def test_production_is_refused(settings: Any) -> None:
    settings.ENVIRONMENT = "production"
    with pytest.raises(RuntimeError, match="production"):
        privacy.scrub()
