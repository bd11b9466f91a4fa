"""Every night: delete the files that staff downloaded, or could have."""

from foundation.jobs import overnight
from reporting.casework.figures import actions, tasks

__all__ = ["expire_extracts", "tasks"]


@overnight(at="03:40", done_by="04:30")
def expire_extracts() -> dict[str, int]:
    return {"expired": actions.expire()}
