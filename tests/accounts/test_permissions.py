"""The one table, read back role by role."""

import pytest

from accounts.models import Member, User
from accounts.permissions import HOME, PERMISSIONS, ROLES, granted

READING = {
    "people.read", "systems.read", "snapshots.read", "reviews.read", "removals.read", "evidence.read", "controls.read",
    "findings.read",
}  # fmt: skip
OWN = {"occurrences.perform"}  # what somebody owns
MANAGING = (
    READING
    | OWN
    | {
        "occurrences.perform",
        "people.write",
        "systems.write",
        "snapshots.write",
        "evidence.write",
        "audit.read",
        "members.read",
        "events.write",
        "alerts.work",
    }
)
EXPECTED = {
    "administrator": MANAGING | {"removals.work", "members.admin", "mail.read", "mail.write", "organization.admin"},
    "compliance_manager": MANAGING
    | {
        "people.match",
        "snapshots.confirm",
        "reviews.write",
        "reviews.decide",
        "reviews.sign",
        "removals.work",
        "removals.accept",
        "controls.write",
        "controls.test",
        "findings.write",
        "findings.accept",
    },
    "reviewer": {
        "controls.read",
        "findings.read",
        "controls.test",
        "occurrences.perform",
        "alerts.work",
        "people.read",
        "systems.read",
        "reviews.decide",
        "removals.read",
        "removals.work",
    },
    "approver": {
        "controls.read",
        "findings.read",
        "findings.accept",
        "occurrences.perform",
        "people.read",
        "systems.read",
        "reviews.read",
        "removals.read",
        "evidence.read",
    },
    "executive": {
        "controls.read",
        "findings.read",
        "occurrences.perform",
        "systems.read",
        "reviews.read",
        "removals.read",
        "evidence.read",
    },
    "auditor": READING | {"audit.read", "members.read"},
    "viewer": READING,
    "employee": {"occurrences.perform"},
}


@pytest.mark.parametrize("role", EXPECTED)
def test_each_role_can_do_this_and_nothing_else(role: str):
    assert granted([role]) == EXPECTED[role] | {HOME}


def test_the_table_is_complete():
    assert set(EXPECTED) == set(ROLES)
    assert set().union(*(role.grants for role in ROLES.values())) <= set(PERMISSIONS)
    assert granted(list(ROLES)) == set(PERMISSIONS)


@pytest.mark.parametrize("role", ["auditor", "viewer"])
def test_those_who_read_only_read(role: str):
    assert {name.partition(".")[2] for name in granted([role]) - OWN} <= {"read"}


@pytest.mark.parametrize("role", ["auditor", "viewer"])
def test_from_outside_nothing_is_owned(role: str):
    assert not granted([role]) & OWN


@pytest.mark.parametrize("role", ["executive", "employee"])
def test_those_who_run_nothing_perform_their_own_controls_and_change_nothing_else(role: str):
    assert {name for name in granted([role]) if not name.endswith(".read")} == {"occurrences.perform"}


def test_an_approver_accepts_findings_and_changes_nothing_else():
    assert {name for name in granted(["approver"]) if not name.endswith(".read")} == {"occurrences.perform", "findings.accept"}


@pytest.mark.parametrize("permission", ["reviews.sign", "people.match", "snapshots.confirm", "removals.accept"])
def test_signing_off_stands_with_the_compliance_manager_alone(permission: str):
    assert [key for key in ROLES if permission in granted([key])] == ["compliance_manager"]


def test_roles_add_up():
    assert granted(["reviewer", "executive"]) == granted(["reviewer"]) | granted(["executive"])


def test_a_removed_or_inactive_member_can_do_nothing():
    user = User(email="a@b.example", name="A")
    assert Member(user=user, roles=["viewer"]).can("people.read")
    assert not Member(user=user, roles=["viewer"], status="removed").can(HOME)
    assert not Member(user=User(is_active=False), roles=["viewer"]).can(HOME)
