"""The one table, read back role by role."""

import pytest

from accounts.models import Member, User
from accounts.permissions import HOME, PERMISSIONS
from accounts.roles import ROLES, granted

WATCHED = {"incidents.read", "monitoring.read", "processing.read", "vulnerabilities.read"}
ANSWERING = {"incidents.approve", "vulnerabilities.accept"}  # reviews of incidents, and weaknesses that stay
READING = WATCHED | {
    "people.read", "systems.read", "snapshots.read", "reviews.read", "removals.read", "evidence.read", "controls.read",
    "findings.read", "reports.read", "requests.read", "changes.read", "policies.read", "training.read", "vendors.read",
    "risks.read", "privacy.read",
}  # fmt: skip
OWN = {
    "occurrences.perform", "changes.raise", "changes.work", "incidents.report", "incidents.work", "policies.acknowledge",
    "vendors.request", "risks.work",
}  # fmt: skip  # what somebody owns, asks for and confirms
JUDGED = {"policies.approve", "vendors.approve", "risks.approve"}  # what others prepared for the programme
PROGRAMME = {"policies.read", "vendors.read", "risks.read"}
JUDGING = {"requests.raise", "requests.judge", "samples.draw"}  # what an auditor asks for, says of what is given, and draws
MANAGING = (
    READING
    | OWN
    | {
        "occurrences.perform",
        "people.write",
        "systems.write",
        "snapshots.write",
        "evidence.write",
        "samples.draw",
        "audit.read",
        "packages.read",
        "members.read",
        "absences.write",
        "reports.write",
        "events.write",
        "alerts.work",
        "changes.write",
        "deployments.write",
        "incidents.write",
        "oncall.write",
        "monitoring.write",
        "monitoring.test",
        "monitoring.push",
        "processing.write",
        "processing.record",
        "vulnerabilities.write",
        "policies.write",
        "violations.write",
        "training.write",
        "vendors.write",
        "privacy.write",
        "subjects.read",
        "subjects.write",
    }
)
EXPECTED = {
    "administrator": MANAGING
    | {"members.appoint", "removals.work", "members.admin", "mail.read", "mail.write", "organization.admin", "incidents.confide"},
    "compliance_manager": MANAGING
    | ANSWERING
    | JUDGED
    | {
        "members.appoint",
        "packages.write",
        "background_checks.read",
        "background_checks.write",
        "risks.write",
        "holds.write",
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
        "requests.write",
        "requests.raise",
        "description.approve",
        "changes.approve",
        "change_rules.write",
    },
    "reviewer": {
        "controls.read",
        "monitoring.test",
        "findings.read",
        "controls.test",
        *OWN,
        *WATCHED,
        *PROGRAMME,
        "changes.read",
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
        *OWN,
        *WATCHED,
        *ANSWERING,
        *PROGRAMME,
        *JUDGED,
        "changes.read",
        "changes.approve",
        "people.read",
        "systems.read",
        "reviews.read",
        "removals.read",
        "evidence.read",
        "reports.read",
        "description.approve",
    },
    "executive": {
        "controls.read",
        "findings.read",
        *OWN,
        *WATCHED,
        *ANSWERING,
        *PROGRAMME,
        *JUDGED,
        "privacy.read",
        "training.read",
        "changes.read",
        "changes.approve",
        "systems.read",
        "reviews.read",
        "removals.read",
        "evidence.read",
        "reports.read",
        "description.approve",
        "description.sign",
    },
    "auditor": READING | {"audit.read", "members.read", "packages.read"} | JUDGING,
    "viewer": READING,
    "employee": OWN,
    "pipeline": {"deployments.write", "changes.read"},
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
    assert {name.partition(".")[2] for name in granted([role]) - OWN - JUDGING} <= {"read"}


def test_nobody_but_the_auditor_judges_what_is_submitted():
    assert [role for role in ROLES if "requests.judge" in granted([role])] == ["auditor"]


@pytest.mark.parametrize("role", ["auditor", "viewer"])
def test_from_outside_nothing_is_owned(role: str):
    assert not granted([role]) & OWN


def changing(role: str) -> set[str]:
    return {name for name in granted([role]) if not name.endswith(".read")}


def test_an_employee_works_on_what_is_their_own_and_changes_nothing_else():
    assert changing("employee") == OWN


def test_an_executive_answers_for_the_description_approves_changes_and_nothing_else():
    assert changing("executive") == OWN | ANSWERING | JUDGED | {"description.approve", "description.sign", "changes.approve"}


def test_management_alone_signs_its_assertion():
    assert [key for key in ROLES if "description.sign" in granted([key])] == ["executive"]


def test_an_approver_approves_texts_and_changes_accepts_findings_and_nothing_else():
    assert changing("approver") == OWN | ANSWERING | JUDGED | {"findings.accept", "description.approve", "changes.approve"}


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
