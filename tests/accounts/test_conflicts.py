"""Conflicts of duty: named when a role or a person combines them, answered for until a day, and waiting for somebody after it."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from accounts.actions import accept_conflict, add_member, change_role, change_roles, create_role, invite_member, remove_member
from accounts.conflicts import standing, standing_of
from accounts.duties import CONFLICTS, conflicts_between, conflicts_within
from accounts.giving import Answer
from accounts.models import DutyAcceptance, Member
from accounts.permissions import PERMISSIONS
from accounts.roles import ROLES
from audit.actors import System
from audit.models import AuditEvent
from home.duties import waiting
from ui.refusals import ActionRefused
from workflow.inbox import inbox_of

SETUP = System("test")
RUNS = ["changes.write", "changes.approve"]


@pytest.fixture
def until(acme):
    return acme.today() + dt.timedelta(days=30)


@pytest.fixture
def answer(until):
    return Answer("The CFO looks at each of them every month.", until)


@pytest.fixture
def both(cast, in_acme):
    """Somebody who administers members and decides in reviews, as the set-up made them."""
    change_roles(cast.administrator, roles=["administrator", "reviewer"], actor=SETUP)
    return cast.administrator


def keys(found):
    return [one.conflict.key for one in found]


def test_every_conflict_names_permissions_that_there_are():
    for one in CONFLICTS:
        assert one.one | one.other <= set(PERMISSIONS)
        assert one.one.isdisjoint(one.other)
    assert len({one.key for one in CONFLICTS}) == len(CONFLICTS)


@pytest.mark.parametrize("role", ROLES)
def test_no_built_in_role_is_a_conflict_by_itself(role):
    assert list(conflicts_between([ROLES[role].grants])) == []


def test_what_several_roles_bring_together_is_named():
    held = [ROLES["administrator"].grants, ROLES["approver"].grants]
    assert {one.key for one in conflicts_between(held)} >= {"changes", "deployments", "policies", "vendors", "vulnerabilities"}
    assert [one.key for one in conflicts_between([ROLES["administrator"].grants, ROLES["compliance_manager"].grants])] == [
        "access"
    ]
    assert [one.key for one in conflicts_within(RUNS)] == ["changes"]


def test_a_role_that_combines_duties_wants_a_reason_and_an_end(cast, in_acme, answer, until):
    with pytest.raises(ActionRefused, match="Runs changes and approves them") as refusal:
        create_role(name="Both", description="x", grants=RUNS, actor=cast.manager)
    assert refusal.value.field == "grants"
    role = create_role(name="Both", description="x", grants=RUNS, actor=cast.manager, answer=answer)
    kept = DutyAcceptance.objects.get()
    assert (kept.role, kept.duty, kept.ends_on, kept.accepted_by) == (role, "changes", until, cast.manager)
    event = AuditEvent.objects.get(verb="duty.accept").data
    assert event["metadata"]["note"] == answer.reason
    assert event["after"]["conflict"] == "Runs changes and approves them"
    assert [one.is_open for one in standing_of(role)] == [False]


def test_adding_the_other_side_to_a_role_wants_them_too(cast, in_acme, answer):
    role = create_role(name="One", description="x", grants=RUNS[:1], actor=cast.manager)
    with pytest.raises(ActionRefused, match="Conflict of duty"):
        change_role(role, name="One", description="x", grants=RUNS, actor=cast.manager)
    change_role(role, name="One", description="x", grants=RUNS, actor=cast.manager, answer=answer)
    change_role(role, name="Same", description="x", grants=RUNS, actor=cast.manager)  # it is accepted already
    assert DutyAcceptance.objects.count() == 1


def test_a_person_who_combines_duties_wants_a_reason_and_an_end(cast, in_acme, answer):
    with pytest.raises(ActionRefused, match="Administers access and certifies it"):
        change_roles(cast.reviewer, roles=["reviewer", "administrator"], actor=cast.administrator)
    change_roles(cast.reviewer, roles=["reviewer", "administrator"], actor=cast.administrator, answer=answer)
    assert keys(standing_of(cast.reviewer)) == ["access"]
    change_roles(cast.reviewer, roles=["reviewer"], actor=SETUP)
    assert standing_of(cast.reviewer) == []
    change_roles(cast.reviewer, roles=["reviewer", "administrator"], actor=cast.administrator)  # still answered for
    assert DutyAcceptance.objects.count() == 1


def test_a_changed_role_is_looked_at_with_the_other_roles_of_those_who_have_it(cast, in_acme, answer):
    role = create_role(name="Desk", description="x", grants=["people.read"], actor=cast.administrator)
    change_roles(cast.reviewer, roles=["reviewer", "desk"], actor=SETUP)
    desk = {"name": "Desk", "description": "x", "grants": ["people.read", "members.admin"], "actor": cast.administrator}
    with pytest.raises(ActionRefused, match="Administers access"):
        change_role(role, **desk)
    change_role(role, **desk, answer=answer)
    assert DutyAcceptance.objects.get().member == cast.reviewer


def test_who_comes_back_is_looked_at_as_well(cast, in_acme, answer):
    change_roles(cast.manager, roles=["compliance_manager", "administrator"], actor=SETUP)
    person = cast.viewer
    remove_member(person, actor=SETUP)
    both = {"roles": ["administrator", "reviewer"], "actor": cast.manager}
    with pytest.raises(ActionRefused, match="Conflict of duty"):
        add_member(person.user, **both)
    add_member(person.user, **both, answer=answer)


def test_nobody_is_invited_into_a_conflict(cast, in_acme):
    change_roles(cast.manager, roles=["compliance_manager", "administrator"], actor=SETUP)
    with pytest.raises(ActionRefused, match="Invite with one of them"):
        invite_member(email="new@acme.example", roles=["administrator", "reviewer"], actor=cast.manager)


def test_nobody_answers_for_their_own(both, cast, answer):
    with pytest.raises(ActionRefused, match="somebody else has to"):
        accept_conflict(both, duties=["access"], answer=answer, actor=both)
    role = create_role(name="Both", description="x", grants=RUNS, actor=cast.manager, answer=answer)
    change_roles(cast.manager, roles=["compliance_manager", role.key], actor=SETUP)
    with pytest.raises(ActionRefused, match="somebody else has to"):
        accept_conflict(role, duties=["changes"], answer=answer, actor=cast.manager)


def test_nobody_answers_for_a_role_that_they_then_take(cast, acme, in_acme, answer):
    role = create_role(name="Both", description="x", grants=RUNS, actor=cast.manager, answer=answer)
    assert [one.is_open for one in standing_of(role)] == [False]
    change_roles(cast.manager, roles=["compliance_manager", role.key], actor=cast.manager)
    [found] = standing(acme)
    assert (found.name, found.is_open, str(found.badge)) == ("Both", True, "Accepted by somebody who has it")
    change_roles(cast.viewer, roles=["compliance_manager"], actor=SETUP)
    accept_conflict(role, duties=["changes"], answer=answer, actor=cast.viewer)
    assert [one.is_open for one in standing(acme)] == [False]


@pytest.mark.parametrize("days", [-1, 367])
def test_it_ends_within_a_year(both, cast, acme, days):
    late = Answer("x", acme.today() + dt.timedelta(days=days))
    with pytest.raises(ActionRefused, match="a year from now"):
        accept_conflict(both, duties=["access"], answer=late, actor=cast.manager)
    with pytest.raises(ActionRefused, match="Say why"):
        accept_conflict(both, duties=["access"], answer=Answer(" ", acme.today()), actor=cast.manager)


def test_only_what_there_is_is_accepted_and_by_those_who_give_roles(both, cast, answer):
    for duties in (["vendors"], ["access", "vendors"], []):
        with pytest.raises(ActionRefused, match="no such conflict"):
            accept_conflict(both, duties=duties, answer=answer, actor=cast.manager)
    with pytest.raises(ActionRefused, match="Only an administrator"):
        accept_conflict(both, duties=["access"], answer=answer, actor=cast.reviewer)


def test_an_acceptance_is_never_changed(both, cast, answer):
    accept_conflict(both, duties=["access"], answer=answer, actor=cast.manager)
    with pytest.raises(IntegrityError), transaction.atomic():
        DutyAcceptance.objects.update(reason="Another")


def test_what_nobody_answers_for_is_work_and_comes_back_when_the_day_has_passed(both, cast, acme, answer, monkeypatch):
    (entry,) = waiting(cast.manager)
    assert entry.url.endswith(f"/members/{both.pk}/accept/")
    assert (entry.overdue, entry.count, entry.why) == (False, 1, "nobody answers for it")
    assert list(waiting(both)) == [], "nobody answers for their own"
    assert list(waiting(cast.reviewer)) == []
    accept_conflict(both, duties=["access"], answer=answer, actor=cast.manager)
    assert list(waiting(cast.manager)) == []
    monkeypatch.setattr(type(acme), "today", lambda _self: answer.ends_on + dt.timedelta(days=1))
    (entry,) = waiting(cast.manager)
    assert (entry.overdue, entry.due, entry.why) == (True, answer.ends_on, "its acceptance has ended")
    assert entry in inbox_of(cast.manager)
    (one,) = standing(acme)
    assert (str(one.badge), one.by, one.is_open) == ("Acceptance ended", ("Administrator", "Reviewer"), True)


@pytest.mark.usefixtures("in_acme")
def test_a_role_is_work_too(cast, answer, acme, monkeypatch):
    role = create_role(name="Both", description="x", grants=RUNS, actor=cast.manager, answer=answer)
    assert list(waiting(cast.manager)) == []
    monkeypatch.setattr(type(acme), "today", lambda _self: answer.ends_on + dt.timedelta(days=1))
    (entry,) = waiting(cast.manager)
    assert entry.url.endswith(f"/members/roles/{role.pk}/accept/")


def test_those_who_left_combine_nothing(both, cast, acme):
    Member.objects.filter(pk=both.pk).update(status="removed")
    assert standing(acme) == []
