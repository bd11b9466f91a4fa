"""Every night: delete stored files that no document names (a cut between the file and its row leaves one)."""

from foundation.jobs import overnight
from reporting.documents.actions import sweep_orphans


@overnight(at="03:45", done_by="04:45")
def sweep_documents() -> dict[str, int]:
    return {"swept": sweep_orphans()}
