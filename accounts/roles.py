"""The one table from role to permission."""

from dataclasses import dataclass

from accounts.permissions import HOME, PERMISSIONS, stronger


@dataclass(frozen=True, slots=True)
class Role:
    """A named set of permissions, as an administrator chooses it for a member."""

    key: str
    name: str
    description: str
    grants: frozenset[str]

    def allows(self, permission: str) -> bool:
        """Whether the role grants `permission`, directly or because a stronger one implies it."""
        return permission in self.grants or any(strong in self.grants for strong in stronger(permission))


_READ_WORK = (
    "people.read", "systems.read", "snapshots.read", "reviews.read", "removals.read", "evidence.read", "controls.read",
    "findings.read", "reports.read", "requests.read", "changes.read", "incidents.read", "monitoring.read",
    "vulnerabilities.read", "processing.read", "policies.read", "training.read", "vendors.read", "risks.read", "privacy.read",
)  # fmt: skip


# What anybody who works here does: owns things, reports what looks wrong, asks, confirms.
_OWN = (
    "occurrences.perform", "changes.raise", "changes.work", "incidents.report", "incidents.work", "policies.acknowledge",
    "vendors.request", "risks.work",
)  # fmt: skip


def _role(key: str, name: str, description: str, *grants: str) -> Role:
    return Role(key, name, description, frozenset((HOME, *grants)))


# Signing off stands with the compliance manager alone: who runs the installation does not also certify its reviews.
# Mail carries invitation links, so only who may invite may read it.
_ROLES = (
    _role(
        "administrator",
        "Administrator",
        "Runs the workspace: members, systems, imports and mail. Does not sign off.",
        *_READ_WORK,
        *_OWN,
        "people.write",
        "systems.write",
        "snapshots.write",
        "removals.work",
        "evidence.write",
        "samples.draw",
        "packages.read",
        "audit.read",
        "members.admin",
        "absences.write",
        "mail.write",
        "organization.admin",
        "reports.write",
        "events.write",
        "alerts.work",
        "changes.write",
        "deployments.write",
        "incidents.write",
        "oncall.write",
        "monitoring.write",
        "monitoring.push",
        "vulnerabilities.write",
        "processing.write",
        "processing.record",
        "incidents.confide",
        "policies.write",
        "violations.write",
        "training.write",
        "vendors.write",
        "privacy.write",
        "subjects.write",
    ),
    _role(
        "compliance_manager",
        "Compliance manager",
        "Runs the reviews from import to sign-off and answers to the auditor.",
        *_READ_WORK,
        *_OWN,
        "people.write",
        "people.match",
        "systems.write",
        "snapshots.write",
        "snapshots.confirm",
        "reviews.write",
        "reviews.decide",
        "reviews.sign",
        "removals.work",
        "removals.accept",
        "evidence.write",
        "samples.draw",
        "audit.read",
        "members.read",
        "absences.write",
        "controls.write",
        "controls.test",
        "findings.write",
        "findings.accept",
        "requests.write",
        "packages.write",
        "requests.raise",
        "reports.write",
        "events.write",
        "alerts.work",
        "description.approve",
        "changes.write",
        "changes.approve",
        "change_rules.write",
        "deployments.write",
        "incidents.write",
        "oncall.write",
        "monitoring.write",
        "monitoring.push",
        "vulnerabilities.write",
        "processing.write",
        "processing.record",
        "incidents.approve",
        "vulnerabilities.accept",
        "policies.write",
        "policies.approve",
        "violations.write",
        "training.write",
        "background_checks.write",
        "vendors.write",
        "vendors.approve",
        "risks.write",
        "risks.approve",
        "privacy.write",
        "holds.write",
        "subjects.write",
    ),
    _role(
        "reviewer",
        "Reviewer",
        "Decides who keeps access, for the items routed to them.",
        *_OWN,
        "people.read",
        "systems.read",
        "reviews.decide",
        "removals.read",
        "removals.work",
        "controls.read",
        "controls.test",
        "findings.read",
        "changes.read",
        "alerts.work",
        "incidents.read",
        "monitoring.read",
        "vulnerabilities.read",
        "processing.read",
        "policies.read",
        "vendors.read",
        "risks.read",
    ),
    _role(
        "approver",
        "Approver",
        "Approves what others prepare and accepts findings by name; sees reviews and removals.",
        *_OWN,
        "people.read",
        "systems.read",
        "reviews.read",
        "removals.read",
        "evidence.read",
        "reports.read",
        "controls.read",
        "findings.read",
        "findings.accept",
        "changes.read",
        "changes.approve",
        "description.approve",
        "incidents.read",
        "monitoring.read",
        "vulnerabilities.read",
        "processing.read",
        "incidents.approve",
        "vulnerabilities.accept",
        "policies.read",
        "policies.approve",
        "vendors.read",
        "vendors.approve",
        "risks.read",
        "risks.approve",
    ),
    _role(
        "executive",
        "Executive",
        "Sees results and reports; approves changes that a rule leaves to executives.",
        *_OWN,
        "systems.read",
        "reviews.read",
        "removals.read",
        "evidence.read",
        "reports.read",
        "controls.read",
        "findings.read",
        "changes.read",
        "changes.approve",
        "description.approve",
        "description.sign",
        "incidents.read",
        "monitoring.read",
        "vulnerabilities.read",
        "processing.read",
        "incidents.approve",
        "vulnerabilities.accept",
        "policies.read",
        "policies.approve",
        "vendors.read",
        "vendors.approve",
        "risks.read",
        "risks.approve",
        "privacy.read",
        "training.read",
    ),
    _role(
        "auditor",
        "Auditor",
        "Reads all that an audit needs, the trail too; asks for what is missing, judges what is given. Changes nothing else.",
        *_READ_WORK,
        "audit.read",
        "members.read",
        "samples.draw",
        "requests.raise",
        "requests.judge",
        "packages.read",
    ),
    _role("viewer", "Viewer", "Reads reviews, changes, systems, people and evidence. Changes nothing.", *_READ_WORK),
    _role(
        "employee",
        "Employee",
        "Sees only what waits for them.",
        *_OWN,
    ),
    _role(
        "pipeline",
        "Pipeline",
        "For programs only: reports deployments, asks whether one may go, and reads changes.",
        "deployments.write",
        "changes.read",
    ),
)
FOR_PROGRAMS = frozenset({"pipeline"})  # roles of service accounts, which no person has

ROLES: dict[str, Role] = {role.key: role for role in _ROLES}
ROLE_CHOICES: list[tuple[str, str]] = [(role.key, role.name) for role in _ROLES]


def granted(roles: list[str]) -> frozenset[str]:
    """Every permission that a person with these role keys has, implied ones included."""
    return frozenset(name for name in PERMISSIONS if any(ROLES[key].allows(name) for key in roles))


def words_for(permission: str) -> str:
    """The roles of people that grant a permission, as words: `Administrator`, `Approver or Compliance manager`."""
    names = [role.name for role in _ROLES if role.key not in FOR_PROGRAMS and role.allows(permission)]
    return " or ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
