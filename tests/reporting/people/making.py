"""People for tests, made short: invented names, numbers from 90000001."""

from datetime import date
from typing import Any

from foundation import clock
from foundation.accounts.models import User
from reporting.people.models import Client, CourtOrder, CourtOrderDeputy, Deputy, PreRegistration, Profile

PASSWORD = "Correct-Horse-7-Stable"


def make_user(email: str = "one@example.org", uid: str = "", *, registered: bool = True, **profile: Any) -> User:
    names = {"first_name": "Deputyone", "last_name": "Examplea"}
    user = User.objects.create_user(email, PASSWORD, role="ROLE_LAY_DEPUTY", **names)
    if registered:
        user.is_active, user.registered_at, user.agreed_terms_at = True, clock.now(), clock.now()
        user.save()
    address = {"address1": "1 Sample Road", "postcode": "ZZ1 1AA", "phone": "01632 960001"} if registered else {}
    Profile.objects.create(user=user, **({"deputy_uid": uid, "is_primary": bool(uid)} | address | profile))
    if user.profile.is_primary:
        Deputy.objects.update_or_create(uid=uid, defaults={"user": user, **names})
    return user


def make_client(case_number: str = "90000001", *users: User, **fields: Any) -> Client:
    names = {"first_name": "Clientone", "last_name": "Examplea"}
    client = Client.objects.create(case_number=case_number, **(names | fields))
    client.users.add(*users)
    return client


def make_order(client: Client, *deputies: Deputy, uid: str = "992000000001", **fields: Any) -> CourtOrder:
    values = {"type": "pfa", "report_type": "OPG102", "made_date": date(2021, 4, 14)} | fields
    order = CourtOrder.objects.create(uid=uid, client=client, **values)
    for deputy in deputies:
        CourtOrderDeputy.objects.create(order=order, deputy=deputy)
    return order


def make_row(**fields: Any) -> PreRegistration:
    values = {
        "case_number": "90000001", "client_first_name": "Clientone", "client_last_name": "Examplea",
        "client_address": ["1 Sample Road", "Testham", "", "", ""], "client_postcode": "ZZ1 1AA",
        "deputy_uid": "990000000001", "deputy_first_name": "Deputyone", "deputy_last_name": "Examplea",
        "deputy_address": ["1 Sample Road", "Testham", "", "", ""], "deputy_postcode": "ZZ1 1AA",
        "report_type": "OPG102", "order_date": date(2021, 4, 14), "order_type": "pfa", "hybrid": "SINGLE",
    } | fields  # fmt: skip
    return PreRegistration.objects.create(**values)
