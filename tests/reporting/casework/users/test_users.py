"""Accounts as staff manage them: who may give which role, change what, and delete whom (deputy-admin 2)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db.models import CASCADE
from django.http import Http404
from django.test import Client as Browser

from foundation import clock, mails
from foundation.accounts import actions as accounts
from foundation.accounts import second_factor
from foundation.accounts.models import User
from foundation.accounts.tokens import ACTIVATION, EMAIL
from foundation.audit import AuditEvent
from foundation.outbox import Delivery
from reporting.casework.users import actions, queries
from reporting.people import roles
from reporting.people.actions import Stale
from reporting.people.models import Deputy, Invitation, Profile
from reporting.reports.models import Report
from tests.reporting.casework.conftest import ROLES, make_staff, submit
from tests.reporting.conftest import PASSWORD, Family, make_deputy, make_member, make_report

pytestmark = pytest.mark.django_db
Browsers = Callable[..., Browser]

NEW = {"first_name": "Nora", "last_name": "New", "email": "Nora.New@example.org", "postcode": ""}
ADMINS_MAY_GIVE = roles.DEPUTIES | {roles.ADMIN}


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def sent() -> list[str]:
    return [each.payload["mail"] for each in Delivery.objects.filter(kind="mail").order_by("pk")]


def events(user_id: int) -> list[str]:
    return list(
        AuditEvent.objects.filter(subject=f"foundation_user:{user_id}").order_by("pk").values_list("event", flat=True)
    )


# Add


@pytest.mark.parametrize("caller", ROLES)
def test_d097_the_roles_that_may_be_given_are_offered_and_accepted_exactly(as_staff: Browsers, caller: str) -> None:
    """D-097: super admins may add every role of staff, admin managers and admins only admins; all of them deputies."""
    may_give = set(roles.TITLES) if caller == roles.SUPER_ADMIN else ADMINS_MAY_GIVE
    staff = as_staff(caller)
    page = text(staff.get("/users/add"))
    assert {role for role in roles.TITLES if f'value="{role}"' in page} == may_give
    for number, role in enumerate(roles.TITLES):
        email = f"new{number}@example.org"
        answer = staff.post("/users/add", NEW | {"email": email, "role": role})
        made = User.objects.filter(email=email).first()
        assert (made is not None) is (role in may_give), role
        assert answer.status_code == (302 if made else 400)
        if made is None:
            assert "Select a role that you may give" in text(answer)
            continue
        assert (made.role, made.stage, made.route) == (role, User.Stage.INVITED, User.Route.ADMIN_INVITE)
        assert sent()[-1] == ("InvitationOrg" if role in roles.ORGANISATION else "Activation")
        assert hasattr(made, "profile") is (role in roles.DEPUTIES)
        assert ("ADMIN_MANAGER_CREATED" in events(made.pk)) is (role == roles.ADMIN_MANAGER)
    with pytest.raises(PermissionDenied):
        actions.add(**NEW, role=roles.SUPER_ADMIN, by=make_staff("ROLE_ADMIN_MANAGER"))


def test_d101_missing_and_wrong_values_are_named_and_nothing_is_saved(as_staff: Browsers) -> None:
    """D-101: on adding and on editing; what was typed is kept."""
    staff, deputy = as_staff(), make_deputy()
    before = User.objects.count()
    page = text(staff.post("/users/add", {}))
    for words in ("Enter the first name", "Enter the last name", "Enter the email address", "Select a role"):
        assert page.count(words) == 2, f"{words}: in the summary and at the field"
    wrong = {"first_name": "N", "last_name": "x" * 51, "email": "nora", "postcode": "1", "role": "ROLE_PA"}
    page = text(staff.post("/users/add", wrong))
    for words in ("between 2 and 50", "correct format", "between 2 and 10", "Select a role that you may give"):
        assert words in page
    assert 'value="nora"' in page
    page = text(staff.post("/users/add", NEW | {"postcode": "ZZ1 1AA", "role": roles.ADMIN}))
    assert "only deputies have one" in page
    taken = text(staff.post("/users/add", NEW | {"email": deputy.email.upper(), "role": roles.LAY}))
    assert "Somebody has an account with this email address already" in taken
    assert User.objects.count() == before
    page = text(staff.post(f"/users/{deputy.pk}/edit", {"version": "0-0"}))
    for words in ("Enter the first name", "Enter the last name", "Enter the email address", "Enter a postcode"):
        assert words in page
    deputy.refresh_from_db()
    assert deputy.first_name == "Dora"


# Edit


def offered(page: str) -> set[str]:
    return {name for name in ("first_name", "last_name", "email", "postcode", "role") if f'name="{name}"' in page}


@pytest.mark.parametrize("caller", ROLES)
@pytest.mark.parametrize("about", [roles.LAY, roles.PROF_TEAM_MEMBER, roles.ADMIN, roles.ADMIN_MANAGER])
def test_d100_the_fields_are_offered_and_accepted_exactly(as_staff: Browsers, caller: str, about: str) -> None:
    """D-100: super admins and admin managers change a deputy's names, postcode and address, admins all but the last."""
    person = User.objects.create_user("p@example.org", first_name="Pat", last_name="Person", role=about)
    Profile.objects.create(user=person, postcode="ZZ1 1AA")
    staff = as_staff(caller)
    path = f"/users/{person.pk}/edit"
    if about == roles.ADMIN_MANAGER and caller != roles.SUPER_ADMIN:
        assert (staff.get(path).status_code, staff.post(path, {}).status_code) == (403, 403)
        return
    deputy = about in roles.DEPUTIES
    wanted = {"first_name", "last_name"} | ({"postcode"} if deputy else set())
    wanted |= {"email"} if caller == roles.SUPER_ADMIN or (caller == roles.ADMIN_MANAGER and deputy) else set()
    wanted |= {"role"} if deputy or caller == roles.SUPER_ADMIN else set()
    page = text(staff.get(path))
    assert offered(page) == wanted
    role = roles.PROF_ADMIN if deputy else ({roles.ADMIN, roles.ADMIN_MANAGER} - {about}).pop()
    sent_values = {"first_name": "Pip", "last_name": "Other", "postcode": "ZZ2 2BB", "email": "q@example.org"}
    answer = staff.post(path, sent_values | {"role": role, "version": actions.version_of(person)})
    assert answer.status_code == 302
    person = User.objects.get(pk=person.pk)
    assert (person.first_name, person.last_name) == ("Pip", "Other")
    assert person.profile.postcode == ("ZZ2 2BB" if deputy else "ZZ1 1AA")
    assert person.email == ("q@example.org" if "email" in wanted else "p@example.org")
    assert person.role == (role if "role" in wanted else about)
    assert ("USER_EMAIL_CHANGED" in events(person.pk)) is ("email" in wanted)
    assert ("ROLE_CHANGED" in events(person.pk)) is ("role" in wanted)
    if "email" in wanted:
        assert sent() == ["Activation"], "who has yet to activate gets the link at the right address"


@pytest.mark.defect("people 2.6", "any organisation admin could edit any user, and their role")
def test_nobody_crosses_from_deputy_to_staff_or_back(as_staff: Browsers) -> None:
    deputy, admin, staff = make_deputy(), make_staff("ROLE_ADMIN"), make_staff()
    for person, role in ((deputy, roles.ADMIN), (admin, roles.LAY), (admin, "ROLE_PA"), (deputy, "")):
        values = actions.current(person) | {"role": role}
        assert as_staff().post(f"/users/{person.pk}/edit", values | {"version": "0-0"}).status_code == 400
        with pytest.raises(PermissionDenied):
            actions.edit(person, values, by=staff, version=actions.version_of(person))
    with pytest.raises(PermissionDenied):
        actions.edit(
            deputy, {"first_name": "Eve", "last_name": "Evil"}, by=make_member(Family.PROF, "ADMIN"), version="0-0"
        )
    with pytest.raises(PermissionDenied):
        actions.edit(deputy, actions.current(deputy) | {"email": "x@y.example"}, by=admin, version="0-0")
    own = text(as_staff(user=admin).get(f"/users/{admin.pk}/edit"))
    assert offered(own) == {"first_name", "last_name"}, "one's own address needs the password, one's role somebody else"
    assert set(User.objects.filter(pk__in=[deputy.pk, admin.pk]).values_list("role", flat=True)) == {
        roles.LAY,
        roles.ADMIN,
    }


def test_the_address_of_somebody_who_signs_in_changes_when_it_is_confirmed_from_there(as_staff: Browsers) -> None:
    """D-100, and people 15.5: the old address is told."""
    deputy, taken = make_deputy(), make_deputy()
    staff, old = as_staff("ROLE_ADMIN_MANAGER"), deputy.email
    values = actions.current(deputy) | {"version": actions.version_of(deputy)}
    page = text(staff.post(f"/users/{deputy.pk}/edit", values | {"email": taken.email.upper()}))
    assert "Somebody has an account with this email address already" in page
    assert "waits to be confirmed" not in text(staff.get(f"/users/{deputy.pk}"))
    page = text(staff.post(f"/users/{deputy.pk}/edit", values | {"email": "new@example.org"}, follow=True))
    assert "The email address changes when new@example.org has been confirmed" in page
    assert "a change to new@example.org waits to be confirmed" in page
    deputy.refresh_from_db()
    assert (deputy.email, sent()) == (old, ["EmailChange"])
    asked = AuditEvent.objects.get(event="USER_EMAIL_CHANGE_ASKED")
    assert asked.actor_role == "ROLE_ADMIN_MANAGER"
    accounts.confirm_email(EMAIL.token(deputy))
    deputy.refresh_from_db()
    assert (deputy.email, sent()) == ("new@example.org", ["EmailChange", "EmailChanged"])


def test_somebody_was_faster_both_values_are_shown_and_nothing_is_overwritten(as_staff: Browsers) -> None:
    deputy, staff = make_deputy(), as_staff()
    version = actions.version_of(deputy)
    accounts.change_name(deputy, "Dorothea", "Deputy")
    values = actions.current(deputy) | {"first_name": "Dolly", "version": version}
    page = text(staff.post(f"/users/{deputy.pk}/edit", values))
    assert "Nothing has been overwritten" in page
    for each in ("Dorothea", "Dolly"):
        assert f'<td class="govuk-table__cell">{each}</td>' in page
    deputy.refresh_from_db()
    assert deputy.first_name == "Dorothea"
    assert staff.post(f"/users/{deputy.pk}/edit", values | {"version": actions.version_of(deputy)}).status_code == 302
    for decision in ("delete", "disable"):
        page = text(staff.post(f"/users/{deputy.pk}/{decision}", {"version": "0"}, follow=True))
        assert "Nothing was done: somebody changed this account" in page
    assert User.objects.filter(pk=deputy.pk, is_active=True).exists()


# Delete


@pytest.mark.parametrize("caller", ROLES)
def test_who_deletes_whom(as_staff: Browsers, caller: str) -> None:
    """People 2.3: a super admin everybody else, an admin manager admins and admin managers, an admin nobody."""
    mine = {roles.SUPER_ADMIN: set(roles.TITLES), roles.ADMIN_MANAGER: {roles.ADMIN, roles.ADMIN_MANAGER}}.get(
        caller, set()
    )
    me = make_staff(caller)
    staff = as_staff(user=me)
    for role in roles.TITLES:
        person = User.objects.create_user(f"{role}@example.org".lower(), first_name="Pat", last_name="P", role=role)
        path = f"/users/{person.pk}/delete"
        page = text(staff.get(f"/users/{person.pk}"))
        assert (f'href="{path}"' in page) is (role in mine), role
        assert staff.get(path).status_code == (200 if role in mine else 403)
        assert User.objects.filter(pk=person.pk).exists()
        assert staff.post(path, {"version": "0"}).status_code == (302 if role in mine else 403)
        assert User.objects.filter(pk=person.pk).exists() is (role not in mine)
    assert staff.post(f"/users/{me.pk}/delete", {"version": "0"}).status_code == 403, "never oneself"


@pytest.mark.defect("admin 2", "deleting and sending activations acted on GET")
@pytest.mark.defect("people 2.6", "state-changing GETs: delete user, send activation link")
def test_no_get_deletes_or_sends(as_staff: Browsers) -> None:
    person = User.objects.create_user("p@example.org", first_name="Pat", last_name="Person", role=roles.ADMIN)
    staff = as_staff()
    assert staff.get(f"/users/{person.pk}/delete").status_code == 200
    assert staff.get(f"/users/{person.pk}/activation").status_code == 405
    assert (events(person.pk), sent()) == ([], [])


@pytest.mark.defect("admin 2", "deleting an admin manager was recorded twice")
def test_deleting_leaves_exactly_one_event(as_staff: Browsers) -> None:
    wanted = {
        roles.ADMIN_MANAGER: "ADMIN_MANAGER_DELETED", roles.ADMIN: "ADMIN_DELETED", roles.LAY: "DEPUTY_DELETED",
        roles.PA_NAMED: "DEPUTY_DELETED",
    }  # fmt: skip
    for role, event in wanted.items():
        person = User.objects.create_user(f"{role}@example.org".lower(), first_name="Pat", last_name="P", role=role)
        as_staff().post(f"/users/{person.pk}/delete", {"version": "0"})
        assert events(person.pk) == [event]
        before = AuditEvent.objects.get(event=event, subject=f"foundation_user:{person.pk}").before
        assert before == {"email": person.email, "name": "Pat P", "role": role}


def test_an_account_that_is_gone_meanwhile_breaks_no_page(as_staff: Browsers) -> None:
    """Deleting twice is deleting once; everything else says that the account is not there."""
    person = User.objects.create_user("p@example.org", first_name="Pat", last_name="Person", role=roles.ADMIN)
    staff = make_staff(roles.SUPER_ADMIN)
    for _ in range(2):
        actions.delete(person, by=staff, version=0)
    assert events(person.pk) == ["ADMIN_DELETED"]
    for act in (actions.disable, actions.enable, actions.reset_second_factor):
        with pytest.raises(Http404):
            act(person, by=staff, version=0)
    with pytest.raises(Http404):
        actions.send_activation(person, by=staff)
    with pytest.raises(Http404):
        actions.protect(person, on=True, by=staff)


def test_d205_what_a_deleted_user_did_stays_without_the_name(as_staff: Browsers) -> None:
    """D-205: clients, reports, submissions and invitations stay; pages say "Deleted user"."""
    deputy, invited = make_deputy(), make_deputy()
    submission = submit("bill.pdf", deputy=deputy)
    report, client = submission.report, submission.report.client
    invitation = Invitation.objects.create(order=report.orders.get(), deputy_uid="1", user=invited, invited_by=deputy)
    staff = as_staff()
    staff.post(f"/users/{deputy.pk}/delete", {"version": str(deputy.version)})
    report.refresh_from_db(), invitation.refresh_from_db(), submission.refresh_from_db()
    assert (report.submitted, report.submitted_by, invitation.invited_by, submission.created_by) == (
        True,
        None,
        None,
        None,
    )
    assert Deputy.objects.get(orders__client=client, last_name=deputy.last_name).user is None
    assert "a deleted user" in text(staff.get(f"/submissions/{submission.pk}"))
    assert "Deleted user" in text(staff.get("/submissions"))
    assert staff.get(f"/users/{deputy.pk}").status_code == 404


ITS_OWN = {
    "foundation.draft", "foundation.heldpost", "mfa.authenticator", "account.emailaddress", "reporting.profile",
    "reporting.invitation", "reporting.reportseen", "reporting.extract",
}  # fmt: skip
"""What goes with an account: drafts, second factor, details, an invitation to *it*, extracts that only it may fetch."""


def test_only_what_is_an_accounts_own_goes_with_it() -> None:
    lost = {
        model._meta.label_lower
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if getattr(field, "related_model", None) is User
        and getattr(field, "remote_field", None)
        and getattr(field.remote_field, "on_delete", None) is CASCADE
        and not model._meta.auto_created
    }
    assert lost <= ITS_OWN


@pytest.mark.defect("admin 2", "the edit form of an unknown id showed a message page")
def test_an_unknown_id_is_not_found(as_staff: Browsers) -> None:
    for page in ("", "/edit", "/delete", "/disable", "/enable", "/second-factor"):
        assert as_staff().get(f"/users/999999{page}").status_code == 404
    for page in ("/activation", "/protection", "/edit", "/delete"):
        assert as_staff().post(f"/users/999999{page}").status_code == 404


# Activation, access, protection


def test_a_link_is_sent_again_until_the_person_has_a_password(as_staff: Browsers) -> None:
    """And a member of staff is registered with it, agrees to nothing, and goes on to the second factor (people 4.6)."""
    staff = as_staff("ROLE_ADMIN")
    staff.post("/users/add", NEW | {"role": roles.ADMIN})
    person = User.objects.get(email="nora.new@example.org")
    assert "Send activation link" in text(staff.get("/users"))
    page = text(staff.post(f"/users/{person.pk}/activation", follow=True))
    assert "is on its way to nora.new@example.org" in page
    assert sent() == ["Activation"] * 2
    link = f"/activate/{ACTIVATION.token(person)}"
    visitor = Browser()
    assert "terms" not in text(visitor.get(link)).split("<main")[1].split("</main")[0]
    answer = visitor.post(link, {"password": PASSWORD, "password_again": PASSWORD})
    assert answer.headers["Location"] == "/sign-in/set-up"
    person.refresh_from_db()
    assert person.stage == User.Stage.ACTIVE
    assert "ADMIN_USER_REGISTER_SUCCEEDED" in events(person.pk)
    page = text(staff.post(f"/users/{person.pk}/activation", follow=True))
    assert "has chosen a password already: no link was sent" in page
    assert sent() == ["Activation"] * 2
    assert as_staff("ROLE_ADMIN").post(f"/users/{make_staff().pk}/activation").status_code == 403


def test_who_is_stopped_is_out_at_once_and_may_be_let_in_again(as_staff: Browsers) -> None:
    person = make_staff("ROLE_ADMIN")
    theirs, manager = as_staff(user=person), as_staff("ROLE_ADMIN_MANAGER")
    assert theirs.get("/users").status_code == 200
    manager.post(f"/users/{person.pk}/disable", {"version": "0"})
    assert theirs.get("/users").status_code == 302
    person.refresh_from_db()
    assert person.stage == User.Stage.DISABLED
    values = actions.current(person) | {"email": "n@example.org", "version": actions.version_of(person)}
    assert "sign in again before" in text(as_staff().post(f"/users/{person.pk}/edit", values))
    manager.post(f"/users/{person.pk}/enable", {"version": "1"})
    assert User.objects.get(pk=person.pk).stage == User.Stage.ACTIVE
    assert events(person.pk) == ["USER_DISABLED", "USER_ENABLED"]
    assert manager.post(f"/users/{make_deputy().pk}/disable", {"version": "0"}).status_code == 403


def test_a_lost_second_factor_is_set_up_anew(as_staff: Browsers) -> None:
    person = make_staff("ROLE_ADMIN")
    second_factor.enable(person, second_factor.new_secret())
    as_staff("ROLE_ADMIN_MANAGER").post(f"/users/{person.pk}/second-factor", {"version": "0"})
    assert not second_factor.has(person)
    assert events(person.pk)[-1] == "SECOND_FACTOR_RESET"
    assert as_staff("ROLE_ADMIN").post(f"/users/{person.pk}/second-factor", {"version": "1"}).status_code == 403


def test_protection_from_deletion_is_for_super_admins(as_staff: Browsers) -> None:
    person = make_staff("ROLE_ADMIN")
    assert as_staff("ROLE_ADMIN_MANAGER").post(f"/users/{person.pk}/protection", {"protect": "yes"}).status_code == 403
    page = text(as_staff().post(f"/users/{person.pk}/protection", {"protect": "yes"}, follow=True))
    assert "Never: this account is protected" in page
    as_staff().post(f"/users/{person.pk}/protection", {"protect": "no"})
    person.refresh_from_db()
    assert not person.protected
    assert events(person.pk) == ["USER_PROTECTED", "USER_UNPROTECTED"]


# Search


def found(words: str = "", group: str = "", **more: Any) -> list[User]:
    return queries.search(User.objects.all(), words, group, **more)


@pytest.mark.defect("people 2.6", "search order and id filters were put together as SQL")
@pytest.mark.defect("admin 2", "search order_by and id filters were concatenated into SQL")
def test_search_by_case_number_name_part_and_role(as_staff: Browsers, django_assert_max_num_queries: Any) -> None:
    lay, other, member = make_deputy(), make_deputy(), make_member(Family.PA, "ADMIN")
    User.objects.filter(pk=lay.pk).update(first_name="Mary Ann", last_name="O'Brien", email="mob@sample.example")
    report, theirs = make_report(lay), make_report(member, "102-6")
    Report.objects.get(pk=report.pk).client.users.clear()
    client = report.client
    client.first_name, client.last_name = "Ottoline", "Łukasz"
    client.save()
    assert found(client.case_number) == [lay], "through the order"
    assert found(client.case_number.lower()) == [lay]
    assert found(theirs.client.case_number) == [member], "through the organisation"
    for words in ("mary ann o'brien", "ann", "BRIEN", "mob@samp", "  Mary   o'br ", "mary ann"):
        assert found(words) == [lay], words
    for words in ("brien mary", "%", "' OR 1=1 --", "ottoline", "80000", "\\"):
        assert found(words) == [], words
    assert found("ottoline", clients=True) == [lay]
    assert found("ottol łuk", clients=True) == [lay]
    assert set(found("Dora", "lay")) == {other}
    assert (found("", "pa"), found("", "pa_named"), found("", "prof")) == ([member], [], [])
    named = make_member(Family.PROF)
    assert (found("", "prof_named"), found("", "super_admin")) == ([named], [])
    staff = as_staff("ROLE_ADMIN")
    page = text(staff.get("/users", {"text": "x" * 101, "group": "zz", "order_by": "password", "ids": "1) OR (1"}))
    assert "100 characters or less" in page
    assert "Select whose accounts to show" in page
    assert "No user fits your search" in text(staff.get("/users", {"text": "nobody-has-this"}))
    for _ in range(12):
        make_deputy()
    with django_assert_max_num_queries(12):
        staff.get("/users")


def test_at_most_65_newest_registration_first(as_staff: Browsers) -> None:
    people = [
        User(email=f"u{number}@example.org", first_name="Uma", last_name=f"U{number}", role=roles.LAY, password="!",
             registered_at=clock.now() - timedelta(days=number))
        for number in range(70)
    ]  # fmt: skip
    User.objects.bulk_create(people)
    assert [user.email for user in found("Uma")] == [f"u{number}@example.org" for number in range(65)]
    page = text(as_staff().get("/users", {"text": "Uma"}))
    assert page.count('id="user-') == 65
    assert "The newest 65 users that fit" in page


@pytest.mark.parametrize("make", [make_deputy, lambda: make_member(Family.PROF), lambda: make_staff("ROLE_ADMIN")])
def test_an_account_shows_what_staff_need(as_staff: Browsers, make: Callable[[], User]) -> None:
    person = make()
    report = None if person.role in roles.STAFF else make_report(person, "102" if person.role == roles.LAY else "102-5")
    page = text(as_staff("ROLE_ADMIN").get(f"/users/{person.pk}"))
    assert person.email in page
    assert roles.TITLES[person.role] in page
    if person.role == roles.LAY:
        assert report is not None
        assert person.profile.deputy_uid in page
        assert report.client.case_number in page
    elif report is not None:
        assert person.organisations.get().name in page
    assert ("Second factor" in page) is (person.role in roles.STAFF)


def test_deputies_see_none_of_it(as_staff: Browsers) -> None:
    deputy = make_deputy()
    assert not queries.visible_to(deputy).exists()
    with pytest.raises(PermissionDenied):
        actions.delete(make_staff(), by=deputy, version=0)
    with pytest.raises(PermissionDenied):
        actions.protect(deputy, on=True, by=deputy)
    with pytest.raises(Stale):
        actions.delete(deputy, by=make_staff(), version=7)
    assert mails.registry["InvitationOrg"]
