"""Triggers in migrations: a trigger leaves a table's columns as they are.

pgtrigger renders every model that is related to the table anew after each trigger; with a history of every table that
was half of the time of a first migrate. The state still remembers the trigger; only the rendering is left out.
"""

from django.db.migrations.state import ProjectState
from pgtrigger.migrations import AddTrigger, RemoveTrigger


def _add(self: AddTrigger, app_label: str, state: ProjectState) -> None:
    options = state.models[app_label, self.model_name].options
    options["triggers"] = [*options.get("triggers", []), self.trigger]


def _remove(self: RemoveTrigger, app_label: str, state: ProjectState) -> None:
    options = state.models[app_label, self.model_name].options
    options["triggers"] = [each for each in options.get("triggers", []) if each.name != self.name]


def render_less() -> None:
    AddTrigger.state_forwards = _add  # type: ignore[method-assign]
    RemoveTrigger.state_forwards = _remove  # type: ignore[method-assign]
