"""The tests of the web shell run on a site of their own (urls.py beside this file)."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import override_settings


@pytest.fixture(autouse=True)
def trial_site(tmp_path: Path) -> Iterator[None]:
    templates = [dict(engine) for engine in django_settings.TEMPLATES]
    templates[0]["DIRS"] = [*templates[0]["DIRS"], Path(__file__).parent / "templates"]
    overrides: dict[str, Any] = {"TEMPLATES": templates, "ROOT_URLCONF": "tests.foundation.web.urls", "DATA": tmp_path}
    with override_settings(**overrides):
        yield
