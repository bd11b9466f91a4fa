"""A checklist as one form: saved as far as it is filled in, submitted only whole."""

from typing import Any

from django.conf import settings
from django.http import QueryDict

from reporting.casework.checklists.models import Checklist, LodgingChecklist
from reporting.casework.checklists.queries import FOR_REVIEW
from reporting.engine.fields import ParagraphsField
from reporting.engine.forms import PageForm
from reporting.people.roles import TITLES

INFORMATION = "information"
"""The box whose text goes into the history of further information."""


class ChecklistForm(PageForm):
    """``final``: everything that is shown has to be answered, and all that is not is named at once (D-201)."""

    def __init__(
        self,
        checklist: Checklist,
        data: QueryDict | None = None,
        *,
        by: Any,
        final: bool = False,
        draft: bool = False,
        initial: dict[str, Any] | None = None,
    ) -> None:
        self.final, self.by = final, by
        super().__init__(checklist, checklist.page_of_all(), data, initial, draft=draft)
        self.fields[INFORMATION] = ParagraphsField()

    def _refuses_blank(self, question: Any) -> bool:
        return self.final and super()._refuses_blank(question)

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        lodging = isinstance(self.owner, LodgingChecklist)
        if self.final and lodging and found.get("decision") == FOR_REVIEW and not may_send_for_review(self.by):
            self.add_error("decision", f"Only these may send a report for review: {', '.join(reviewers())}")
        return found

    @property
    def information(self) -> str:
        return self.cleaned_data.get(INFORMATION) or ""

    def differences(self) -> list[dict[str, str]]:
        """What was sent and is not what is stored, in words."""
        rows = [(question, self.owner.row(question)) for question in self.questions]
        return [
            {"label": row.label, "stored": row.text, "sent": question.text(self.cleaned_data.get(question.name))}
            for question, row in rows
            if question.json(getattr(self.owner, question.name)) != question.json(self.cleaned_data.get(question.name))
        ]


def may_send_for_review(user: Any) -> bool:
    return user.role in settings.CHECKLIST_FOR_REVIEW_ROLES


def reviewers() -> list[str]:
    return [TITLES[role].lower() for role in settings.CHECKLIST_FOR_REVIEW_ROLES if role in TITLES]
