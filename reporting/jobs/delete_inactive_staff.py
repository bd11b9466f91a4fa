"""Every Sunday: warn staff who have not signed in for long, and delete those who stayed away (deputy-people 13)."""

from foundation.jobs import overnight
from reporting.casework.users import retention


@overnight(at="06:00", done_by="07:00", days="0", enabled="DELETE_INACTIVE_STAFF")
def delete_inactive_staff() -> dict[str, int]:
    warned = retention.warn_staff()
    deleted = sum(retention.delete_by_age(user, reason="not used") for user in retention.staff_to_delete())
    return {"warned": warned, "deleted": deleted}
