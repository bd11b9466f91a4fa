"""Every morning: try again the checklists that the case system forbade us to send (deputy-operations 3.4).

Its other passing faults (500 and the like) are tried again by the queue itself. What is unconfirmed is never touched.
"""

from django.conf import settings

from foundation.jobs import overnight
from foundation.outbox import Delivery, State
from reporting.casework.submissions.actions import resend_refused
from reporting.jobs.resync_documents import FORBIDDEN


@overnight(at="08:05", done_by="09:05", enabled="CHECKLIST_SYNC")
def resync_checklists() -> dict[str, int]:
    checklists = Delivery.objects.filter(kind="checklist")
    refused = checklists.filter(state=State.REFUSED, error__contains=FORBIDDEN).order_by("pk")
    queued = sum(resend_refused(each, by=None) for each in refused[: settings.CHECKLIST_SYNC_ROW_LIMIT])
    return {
        "queued": queued,
        "left_refused": checklists.filter(state=State.REFUSED).count(),
        "left_unconfirmed": checklists.filter(state=State.UNCONFIRMED).count(),
    }
