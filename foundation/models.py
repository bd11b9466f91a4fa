"""Gathers the tables of this package for Django; each is described where it is defined."""

from foundation.accounts.limits import Tally
from foundation.accounts.lockout import SignInCounter
from foundation.accounts.models import User
from foundation.audit import AuditEvent
from foundation.drafts import Draft, HeldPost
from foundation.jobs import JobRun, WorkerBeat
from foundation.mails import MailReceipt
from foundation.outbox import Delivery
from foundation.web.models import ServiceNotice

__all__ = [
    "AuditEvent",
    "Delivery",
    "Draft",
    "HeldPost",
    "JobRun",
    "MailReceipt",
    "ServiceNotice",
    "SignInCounter",
    "Tally",
    "User",
    "WorkerBeat",
]
