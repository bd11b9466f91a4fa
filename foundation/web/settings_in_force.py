"""The settings that a process runs with, for administrators who want to check: no secrets, and nothing to change."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


@dataclass(frozen=True)
class Line:
    name: str
    words: str
    value: str


def page(request: HttpRequest, groups: Mapping[str, Mapping[str, str]]) -> HttpResponse:
    """``groups``: under a title the name of each setting, as operators know it, and what it says."""
    found = [(title, _lines(names)) for title, names in groups.items()]
    return render(request, "settings_in_force.html", {"groups": found})


def _lines(names: Mapping[str, str]) -> list[Line]:
    return [Line(name, words, _shown(getattr(settings, name))) for name, words in names.items()]


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return f"{value:,}" if isinstance(value, int) else str(value) or "Not set"
