"""Every morning, where it is switched on: delete lay deputies' accounts on which nothing hangs (deputy-people 13)."""

from foundation.jobs import overnight
from reporting.casework.users import retention


@overnight(at="06:20", done_by="07:20", enabled="DELETE_UNUSED_LAY")
def delete_unused_lay() -> dict[str, int]:
    return {"deleted": sum(retention.delete_by_age(user, reason="nothing was done") for user in retention.unused_lay())}
