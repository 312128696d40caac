"""Members who come for a while, and members who come back."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from accounts.actions import accept_invitation, change_roles, invite_member, remove_member, set_access_end
from accounts.models import Invitation, Member, User
from audit.actors import System
from audit.models import AuditEvent
from tenancy.models import Organization
from tenancy.scope import tenant
from tests.accounts.signing_in import give_password, sign_in
from tests.cast import Cast, signed_in
from ui.refusals import ActionRefused

SETUP = System("test")
DAY = dt.timedelta(days=1)


@pytest.fixture
def admin(client: Client, cast: Cast) -> Client:
    return sign_in(client, cast.administrator.user)


def end(member: Member, day: dt.date) -> None:
    """As if the administrator had said so earlier."""
    Member.objects.filter(pk=member.pk).update(access_ends_on=day)


def events(organization: Organization, verb: str, result: str = "success") -> list[dict[str, Any]]:
    with tenant(organization):
        return [event.data for event in AuditEvent.objects.filter(verb=verb, result=result).order_by("at")]


@pytest.mark.parametrize(("days", "enters"), [(-1, False), (0, True), (1, True)])
def test_the_last_day_is_a_day_where_the_organization_lives(cast: Cast, acme: Organization, days: int, enters: bool):
    for zone in ("Pacific/Kiritimati", "America/New_York", "Pacific/Pago_Pago"):
        Organization.objects.filter(pk=acme.pk).update(zone=zone)
        end(cast.auditor, Organization.objects.get(pk=acme.pk).today() + days * DAY)
        auditor = cast.auditor
        by_sql = Member.objects.active().filter(pk=auditor.pk).exists()
        assert (auditor.is_active, auditor.can("audit.read"), by_sql) == (enters, enters, enters)
        assert Member.objects.ended().filter(pk=auditor.pk).exists() is not enters


def test_a_session_is_shut_out_the_day_after_and_told_why(cast: Cast, acme: Organization):
    client = signed_in(cast.auditor)
    assert client.get("/o/acme/").status_code == 200
    end(cast.auditor, dt.date(2026, 3, 31))
    answer = client.get("/o/acme/audit/")
    assert answer.status_code == 403
    assert "Your access to Acme ended on 31 March 2026." in answer.content.decode()
    assert client.post("/o/acme/members/invite/").status_code == 403
    (first, _) = events(acme, "access.deny", "failure")
    assert first["metadata"]["reason"] == "access has ended"
    assert client.get("/o/globex/").status_code == 404


def test_signing_in_says_that_it_has_ended(client: Client, cast: Cast):
    end(cast.auditor, dt.date(2026, 3, 31))
    sign_in(client, cast.auditor.user)
    page = client.get("/").content.decode()
    assert "Your access to Acme ended on 31 March 2026." in page
    assert "nobody has invited it" not in page


def test_an_invitation_carries_the_end(admin: Client, cast: Cast, acme: Organization):
    until = acme.today() + 100 * DAY
    form = {"email": "ext@audit.example", "roles": ["auditor"], "access_ends_on": until.isoformat()}
    assert signed_in(cast.manager).post("/o/acme/members/invite/", form).status_code == 303
    assert events(acme, "member.invite")[0]["after"]["access_ends_on"] == until.isoformat()
    user = User.objects.create_user(email="ext@audit.example", name="Eva Extern")
    with tenant(acme):
        member = accept_invitation(Invitation.objects.get(email="ext@audit.example"), user=user)
    assert member.access_ends_on == until
    assert events(acme, "member.add")[0]["after"]["access_ends_on"] == until.isoformat()
    assert f"{until.day} {until:%b %Y}" in admin.get("/o/acme/members/").content.decode()
    exported = admin.get("/o/acme/members/?export=csv&q=ext@audit").getvalue().decode()
    assert f'"Active, until {until}"' in exported


def test_the_end_is_changed_and_taken_away_without_ending_the_session(admin: Client, cast: Cast, acme: Organization):
    theirs, path = signed_in(cast.auditor), f"/o/acme/members/{cast.auditor.pk}/"
    until = acme.today()
    assert admin.post(path, {"roles": ["auditor"], "access_ends_on": until.isoformat()}).status_code == 303
    assert cast.auditor.access_ends_on == until
    assert theirs.get("/o/acme/").status_code == 200
    end(cast.auditor, until - DAY)
    assert theirs.get("/o/acme/").status_code == 403
    assert "Ended" in admin.get("/o/acme/members/?status=ended").content.decode()
    assert admin.post(path, {"roles": ["auditor"], "access_ends_on": ""}).status_code == 303
    assert theirs.get("/o/acme/").status_code == 200
    assert [one["after"]["access_ends_on"] for one in events(acme, "member.set_access_end")] == [until.isoformat(), None]
    assert events(acme, "member.change_roles") == []


def test_a_day_that_is_over_is_refused_at_the_field(admin: Client, cast: Cast, acme: Organization):
    past = (acme.today() - DAY).isoformat()
    answers = [
        admin.post(f"/o/acme/members/{cast.auditor.pk}/", {"roles": ["auditor"], "access_ends_on": past}),
        admin.post("/o/acme/members/invite/", {"email": "x@y.example", "roles": ["auditor"], "access_ends_on": past}),
    ]
    for answer in answers:
        assert answer.status_code == 422
        assert answer.context["form"].errors["access_ends_on"] == ["The last day of the access is over already."]
    assert cast.auditor.access_ends_on is None


def test_somebody_whose_access_ended_is_not_invited_anew(cast: Cast, acme: Organization):
    end(cast.auditor, acme.today() - DAY)
    with tenant(acme), pytest.raises(ActionRefused, match="give it another end"):
        invite_member(email=cast.auditor.email, roles=["auditor"], actor=SETUP)


def test_an_administrator_who_stays_is_needed(cast: Cast, acme: Organization):
    tomorrow = acme.today() + DAY
    with tenant(acme):
        with pytest.raises(ActionRefused, match="who stays"):
            set_access_end(cast.administrator, access_ends_on=tomorrow, actor=SETUP)
        change_roles(cast.manager, roles=["administrator"], actor=SETUP)
        set_access_end(cast.manager, access_ends_on=tomorrow, actor=SETUP)
        with pytest.raises(ActionRefused, match="who stays"):
            remove_member(cast.administrator, actor=SETUP)


def test_a_removed_member_is_let_back_in(admin: Client, cast: Cast, acme: Organization, client_of: Any):
    theirs = signed_in(cast.viewer)
    with tenant(acme):
        remove_member(cast.viewer, actor=SETUP, reason="On leave.")
    assert theirs.get("/o/acme/").status_code == 302  # to sign in: the session has ended
    path = f"/o/acme/members/{cast.viewer.pk}/restore/"
    assert path in admin.get("/o/acme/members/?status=removed").content.decode()
    assert admin.get(f"/o/acme/members/{cast.viewer.pk}/").status_code == 404
    assert admin.post(path, {"roles": ["viewer", "employee"]}).status_code == 303
    assert (cast.viewer.is_active, cast.viewer.roles) == (True, ["viewer", "employee"])
    assert events(acme, "member.add")[-1]["actor"]["name"] in {cast.administrator.name, cast.administrator.email}
    assert admin.get(path).status_code == 404
    assert signed_in(cast.viewer).get("/o/acme/").status_code == 200
    assert give_password(Client(), cast.viewer.email).status_code == 302
