"""Gathers the tables of deputy reporting for Django, and puts row history on them.

Sections are found in their folder. History (django-pghistory) is written by database triggers, so that bulk and raw
changes are in it too; what only copies a file from elsewhere (pre-registration) has none.
"""

import pghistory
from django.db import models

from foundation import discover
from reporting.casework.checklists.models import (
    ChecklistSubmission,
    FullReviewChecklist,
    FurtherInformation,
    LodgingChecklist,
)
from reporting.casework.figures.models import Extract
from reporting.documents.models import Document
from reporting.home.feedback.models import PublicFeedback
from reporting.people.models import (
    Client,
    CourtOrder,
    CourtOrderDeputy,
    Deputy,
    IngestRun,
    Invitation,
    PreRegistration,
    Profile,
)
from reporting.people.notes.models import Note
from reporting.people.organisations.models import Organisation
from reporting.reports.models import Report, ReportSeen
from reporting.reports.split_merge.models import AnswerConflict, ReportChange
from reporting.reports.statements.models import LearnedChoice, Payment, StatementImport
from reporting.submissions.models import Feedback, Submission

__all__ = [
    "AnswerConflict",
    "ChecklistSubmission",
    "Client",
    "CourtOrder",
    "CourtOrderDeputy",
    "Deputy",
    "Document",
    "Extract",
    "Feedback",
    "FullReviewChecklist",
    "FurtherInformation",
    "IngestRun",
    "Invitation",
    "LearnedChoice",
    "LodgingChecklist",
    "Note",
    "Organisation",
    "Payment",
    "PreRegistration",
    "Profile",
    "PublicFeedback",
    "Report",
    "ReportChange",
    "ReportSeen",
    "StatementImport",
    "Submission",
]

discover.modules("reporting.sections")


def with_history() -> list[type[models.Model]]:
    from reporting.engine.section import Answered

    return [
        AnswerConflict,
        ChecklistSubmission,
        Client,
        CourtOrder,
        CourtOrderDeputy,
        Deputy,
        Document,
        FullReviewChecklist,
        FurtherInformation,
        Invitation,
        LodgingChecklist,
        Note,
        Organisation,
        Profile,
        Report,
        Submission,
        *(kind for kind in Answered.kinds if not kind._meta.proxy),
    ]


for model in with_history():
    pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())(model)
