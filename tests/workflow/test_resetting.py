"""Resetting a person's second factor: two administrators, a person who may stop it, and the operator where there are not two."""

import ast
import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.actions import add_member, change_roles, create_role, remove_member
from accounts.models import Member, RecoveryDevice, TotpDevice, User
from accounts.roles import granted
from audit.actors import System
from audit.models import AuditEvent
from tenancy.models import Organization
from tenancy.scope import Scope, now, tenant
from tests.accounts.signing_in import authenticator_of, fresh_code, give_password, sign_in
from tests.api.conftest import Program, make_token
from tests.cast import Cast
from tests.test_house import sources
from ui.refusals import ActionRefused
from workflow.inbox import inbox_of
from workflow.models import FactorReset, OutboxMessage
from workflow.resetting.actions import ask_reset, confirm_reset, end_late, refuse_reset, stop_reset
from workflow.schedule import periodic_names, run_periodic

ClientOf = Callable[[Member], Client]
SETUP = System("test")
PAGES = "/o/acme/work/factor-resets/"
FORM = {"reason": "Lost the phone", "identity": "Called back at her desk"}


@pytest.fixture
def second(acme: Organization, db: None) -> Member:
    """Another administrator."""
    user = User.objects.create_user(email="second@acme.example", name="Second Acme")
    with tenant(acme):
        return add_member(user, roles=["administrator"], actor=SETUP)


@pytest.fixture
def desk(in_acme: Scope, administrator: Member) -> Member:
    """Somebody who administers members by a role of the organization's own, and may do little else."""
    grants = ["members.admin", *sorted(granted(["viewer"]))]
    create_role(name="Service desk", description="Lets people in.", grants=grants, actor=administrator)
    return add_member(User.objects.create_user(email="desk@acme.example", name="Dee"), roles=["service-desk"], actor=SETUP)


@pytest.fixture
def asked(in_acme: Scope, administrator: Member, second: Member, viewer: Member) -> FactorReset:
    """The administrator asks for the viewer, who has an authenticator and recovery codes."""
    authenticator_of(viewer.user)
    RecoveryDevice.objects.create(user=viewer.user, name="Recovery codes", confirmed=True).replace_codes()
    return ask_reset(viewer, actor=administrator, **FORM)


def has_factor(member: Member) -> bool:
    return any(kind.objects.filter(user=member.user).exists() for kind in (TotpDevice, RecoveryDevice))


def verbs(reset: FactorReset) -> list[str]:
    return list(AuditEvent.objects.filter(object_id=reset.pk).order_by("at").values_list("verb", flat=True))


def mails_to(member: Member) -> list[OutboxMessage]:
    return list(OutboxMessage.objects.filter(to=member.email).order_by("created_at"))


def past(reset: FactorReset) -> FactorReset:
    """As it is once its day is over."""
    FactorReset.objects.filter(pk=reset.pk).update(expires_at=now() - dt.timedelta(seconds=1))
    reset.refresh_from_db()
    return reset


# Two administrators


def test_one_administrator_changes_nothing(asked, viewer):
    assert has_factor(viewer)
    assert verbs(asked) == ["factor_reset.ask"]
    event = AuditEvent.objects.get(verb="factor_reset.ask").data
    assert event["after"]["identity"] == "Called back at her desk"
    assert event["after"]["reason"] == "Lost the phone"
    assert not AuditEvent.objects.filter(verb="factor.reset").exists()


def test_the_second_one_does_it(asked, viewer, second, client):
    sign_in(client, viewer.user)
    confirm_reset(asked, actor=second)
    assert not has_factor(viewer)
    assert client.get("/account/")["Location"].startswith("/sign-in/?")
    assert verbs(asked) == ["factor_reset.ask", "factor_reset.confirm"]
    gone = AuditEvent.objects.get(verb="factor.reset").data
    assert (gone["actor"]["name"], gone["object"]["id"]) == ("Second Acme", str(viewer.pk))
    give_password(client, viewer.email)
    assert client.get("/account/")["Location"].startswith("/sign-in/authenticator/")


def test_by_the_screens_with_a_factor_each(acme, administrator, second, viewer):
    first, other = sign_in(Client(), administrator.user, factor_age=3600), sign_in(Client(), second.user, factor_age=3600)
    authenticator_of(viewer.user)
    ask = f"{PAGES}of/{viewer.pk}/"
    assert f'href="{ask}"' in first.get(f"/o/acme/members/{viewer.pk}/").content.decode()
    assert first.post(ask, FORM).status_code == 422
    there = first.post(ask, {**FORM, "factor_code": fresh_code(administrator.user)})
    assert there.status_code == 303
    page = there["Location"]
    assert f'href="{page}"' in first.get(f"/o/acme/members/{viewer.pk}/").content.decode()
    assert "You asked for it, so another administrator decides on it." in first.get(page).content.decode()
    assert b"confirm/" not in first.get(page).content
    assert f'href="{page}confirm/"' in other.get(page).content.decode()
    assert other.post(f"{page}confirm/", {"x": "1"}).status_code == 422
    assert has_factor(viewer)
    done = other.post(f"{page}confirm/", {"factor_code": fresh_code(second.user)})
    assert done.status_code == 303
    assert not has_factor(viewer)
    shown = other.get(page).content.decode()
    assert "confirmed it, and the second factor was reset" in shown
    assert "Viewer Acme" in other.get(PAGES).content.decode()


def test_whoever_confirms_reads_that_passkeys_go_too(asked, second, client_of):
    assert (
        "authenticator, passkeys and recovery codes are gone"
        in client_of(second).get(f"{PAGES}{asked.pk}/confirm/").content.decode()
    )


def test_whoever_asked_does_not_confirm(asked, administrator, viewer, client_of):
    for decide in (
        lambda: confirm_reset(asked, actor=administrator),
        lambda: refuse_reset(asked, actor=administrator, reason="x"),
    ):
        with pytest.raises(ActionRefused, match="You asked for it"):
            decide()
    client = client_of(administrator)
    assert client.post(f"{PAGES}{asked.pk}/confirm/", {"x": "1"}).status_code == 422
    assert has_factor(viewer)


def test_nor_does_the_person_though_an_administrator(in_acme, administrator, second):
    third = add_member(User.objects.create_user(email="t@acme.example", name="Third"), roles=["administrator"], actor=SETUP)
    authenticator_of(third.user)
    reset = ask_reset(third, actor=administrator, **FORM)
    with pytest.raises(ActionRefused, match="It is about you"):
        confirm_reset(reset, actor=third)
    assert [one.title for one in inbox_of(third)] == ["Your second factor is to be reset"]
    confirm_reset(reset, actor=second)


@pytest.mark.parametrize("name", ["manager", "auditor", "executive", "viewer"])
def test_nor_does_anybody_else(asked, cast, name):
    for decide in (confirm_reset, lambda reset, actor: refuse_reset(reset, actor=actor, reason="x")):
        with pytest.raises(ActionRefused, match="A second administrator decides"):
            decide(asked, actor=getattr(cast, name))
    assert has_factor(cast.viewer)


@pytest.mark.parametrize("decider", ["asked_by", "member", None])
def test_the_database_wants_two_as_well(asked, second, decider):
    row = {"decided_by": asked.asked_by if decider == "asked_by" else asked.member if decider else None}
    with pytest.raises(IntegrityError, match="factor_reset_by_two"), transaction.atomic():
        FactorReset.objects.filter(pk=asked.pk).update(status="confirmed", **row)


def test_whoever_asked_must_still_be_an_administrator(asked, administrator, second, viewer):
    change_roles(administrator, roles=["viewer"], actor=second)
    with pytest.raises(ActionRefused, match="no administrator any more"):
        confirm_reset(asked, actor=Member.objects.get(pk=second.pk))
    assert has_factor(viewer)
    refuse_reset(asked, actor=second, reason="They left.")


def test_whoever_left_meanwhile_keeps_their_factor(asked, administrator, second, viewer, client_of):
    remove_member(viewer, actor=administrator, reason="They left.")
    with pytest.raises(ActionRefused, match="no member here"):
        confirm_reset(asked, actor=second)
    assert has_factor(viewer)


def test_whoever_was_given_more_than_the_second_one_may_do_keeps_it(in_acme, administrator, desk, viewer):
    authenticator_of(viewer.user)
    reset = ask_reset(viewer, actor=administrator, **FORM)
    change_roles(viewer, roles=["compliance_manager"], actor=SETUP)
    with pytest.raises(ActionRefused, match="may do more than you"):
        confirm_reset(reset, actor=desk)
    assert has_factor(viewer)


def test_those_who_administer_by_a_role_of_their_own_are_second_ones_within_their_reach(
    in_acme, administrator, desk, viewer, cast
):
    reset = ask_reset(viewer, actor=administrator, **FORM)
    assert "It takes a second administrator, such as you." in mails_to(desk)[-1].text
    confirm_reset(reset, actor=desk)
    with pytest.raises(ActionRefused, match="not enough here"):
        ask_reset(cast.manager, actor=administrator, **FORM)


def test_nobody_asks_for_themselves_or_without_a_reason(in_acme, administrator, second, viewer):
    with pytest.raises(ActionRefused, match="account page"):
        ask_reset(administrator, actor=administrator, **FORM)
    for missing in FORM:
        with pytest.raises(ActionRefused) as refused:
            ask_reset(viewer, actor=administrator, **{**FORM, missing: "  "})
        assert refused.value.field == missing
    with pytest.raises(ActionRefused, match="Only an administrator"):
        ask_reset(viewer, actor=viewer, **FORM)


def test_one_waits_at_a_time(asked, administrator, second, viewer):
    with pytest.raises(ActionRefused, match="waits already"):
        ask_reset(viewer, actor=second, **FORM)
    again = ask_reset(past(asked).member, actor=second, **FORM)
    assert verbs(asked)[-1] == "factor_reset.lapse"
    assert again.is_open


def test_nothing_else_resets_a_factor():
    users = {name for name, tree in sources() if "reset_factor(" in ast.unparse(tree)}
    assert users == {"accounts/actions/members.py", "workflow/resetting/actions.py"}


# Whom it is about


def test_the_person_is_told_at_once_and_may_stop_it(asked, viewer, second, client_of):
    (mail,) = mails_to(viewer)
    assert mail.subject == "Your second factor is to be reset"
    assert "Lost the phone" in mail.text
    assert f"/o/acme/work/factor-resets/{asked.pk}/" in mail.text
    assert [entry.why for entry in inbox_of(viewer)] == ["stop it if you did not ask for it"]
    client = client_of(viewer)
    assert f"{asked.pk}/stop/" in client.get(f"{PAGES}{asked.pk}/").content.decode()
    assert client.get(f"{PAGES}{asked.pk}/stop/").status_code == 405
    client.post(f"{PAGES}{asked.pk}/stop/")
    asked.refresh_from_db()
    assert (asked.status, asked.decided_by) == ("stopped", viewer)
    with pytest.raises(ActionRefused, match="Nothing waits"):
        confirm_reset(asked, actor=second)
    assert has_factor(viewer)
    assert verbs(asked) == ["factor_reset.ask", "factor_reset.stop"]
    assert "Viewer Acme stopped it" in mails_to(asked.asked_by)[-1].text


def test_others_do_not_stop_it_and_see_only_what_they_may(asked, second, cast, administrator, client_of):
    employee, auditor = cast.employee, cast.auditor
    for other in (second, employee, auditor):
        with pytest.raises(ActionRefused, match="Only the person"):
            stop_reset(asked, actor=other)
    stop_reset(asked, actor=administrator)
    assert asked.refreshed().status == "stopped"
    assert client_of(employee).get(f"{PAGES}{asked.pk}/").status_code == 404
    assert client_of(employee).get(PAGES).status_code == 403
    assert b"Lost the phone" in client_of(auditor).get(f"{PAGES}{asked.pk}/").content


def test_the_person_is_told_when_it_is_done_and_when_it_is_not(asked, viewer, second, administrator):
    refuse_reset(asked, actor=second, reason="The voice was another.")
    assert verbs(asked) == ["factor_reset.ask", "factor_reset.refuse"]
    assert "The voice was another" in mails_to(viewer)[-1].text
    assert has_factor(viewer)
    confirm_reset(ask_reset(viewer, actor=administrator, **FORM), actor=second)
    assert mails_to(viewer)[-1].subject == "Your second factor was reset"
    assert mails_to(administrator)[-1].subject == "The second factor of Viewer Acme was reset"


# Waiting and lapsing


def test_it_waits_for_the_other_administrators_and_nobody_else(asked, cast, second, administrator):
    assert [(entry.title, entry.url) for entry in inbox_of(second)] == [
        ("Reset the second factor of Viewer Acme?", asked.get_absolute_url())
    ]
    assert "Confirm or refuse" in mails_to(second)[0].subject
    assert mails_to(administrator) == []
    for member in (administrator, cast.manager, cast.employee):
        assert not [entry for entry in inbox_of(member) if "second factor" in entry.title]


def test_after_a_day_it_lapses_by_itself(asked, viewer, second, acme):
    assert (asked.expires_at - asked.asked_at) < dt.timedelta(days=1, minutes=1)
    end_late(acme, now())
    assert asked.refreshed().status == "asked"
    past(asked)
    assert inbox_of(second) == []
    with pytest.raises(ActionRefused, match="Nothing waits"):
        confirm_reset(asked, actor=second)
    assert "workflow.end_late_resets" in periodic_names()
    run_periodic("workflow.end_late_resets", acme, now())
    assert asked.refreshed().status == "lapsed"
    assert verbs(asked) == ["factor_reset.ask", "factor_reset.lapse"]
    assert "in time" in mails_to(viewer)[-1].text
    assert has_factor(viewer)


# Not ours, or not enough of us


def test_a_factor_that_opens_another_organization_is_not_ours(asked, viewer, second, globex, administrator):
    with tenant(globex):
        add_member(viewer.user, roles=["viewer"], actor=SETUP)
    with pytest.raises(ActionRefused, match="another organization"):
        confirm_reset(asked, actor=second)
    assert has_factor(viewer)
    assert asked.refreshed().status == "asked"
    stop_reset(asked, actor=administrator)
    with pytest.raises(ActionRefused, match="another organization"):
        ask_reset(viewer, actor=administrator, **FORM)


def test_a_single_administrator_reads_what_to_do(administrator, viewer, client_of, in_acme):
    page = client_of(administrator).get(f"{PAGES}of/{viewer.pk}/").content.decode()
    assert "bin/manage reset_factor" in page
    assert "Ask for the reset" not in page
    with pytest.raises(ActionRefused, match="two administrators beside the person"):
        ask_reset(viewer, actor=administrator, **FORM)


def test_members_of_elsewhere_are_not_found(administrator, second, cast, client_of):
    theirs = cast.of("globex", "viewer")
    client = client_of(administrator)
    assert client.get(f"{PAGES}of/{theirs.pk}/").status_code == 404
    assert client.post(f"{PAGES}of/{theirs.pk}/", FORM).status_code == 404


def test_the_operator_does_it_at_the_host(cast: Cast, acme, globex, capsys):
    person = cast.viewer.user
    authenticator_of(person)
    with tenant(globex):
        add_member(person, roles=["viewer"], actor=SETUP)
    call_command("reset_factor", "Viewer@ACME.example", "--reason", "Lost the phone")
    assert "was reset" in capsys.readouterr().out
    assert not TotpDevice.objects.filter(user=person).exists()
    for organization in (acme, globex):
        with tenant(organization):
            event = AuditEvent.objects.get(verb="factor.reset").data
            assert event["actor"]["name"] == "Plumbline (operator at the host)"
            assert event["metadata"]["note"] == "Lost the phone"
            told = set(OutboxMessage.objects.values_list("to", flat=True))
            assert told == {f"administrator@{organization.slug}.example", *({person.email} if organization == acme else ())}


@pytest.mark.parametrize(
    ("email", "reason"), [("nobody@acme.example", "x"), ("stranger@nowhere.example", "x"), ("viewer@acme.example", " ")]
)
def test_the_operator_gives_a_reason_and_somebody_we_know(db, email, reason):
    with pytest.raises(CommandError):
        call_command("reset_factor", email, "--reason", reason)


# The API


def test_a_program_reads_them_and_stops_what_its_owner_may_stop(asked, viewer, administrator, auditor, acme):
    def program(member: Member) -> Any:
        return Program(make_token(member)[1])

    assert program(auditor).get("factor-resets").json()["results"][0]["status"] == "asked"
    assert program(auditor).post(f"factor-resets/{asked.pk}/stop", {}, If_Match="*").status_code in {404, 409}
    assert program(viewer).get(f"factor-resets/{asked.pk}").json()["identity"] == "Called back at her desk"
    assert program(viewer).post(f"factor-resets/{asked.pk}/stop", {}, If_Match="*").status_code == 200
    assert asked.refreshed().status == "stopped"
