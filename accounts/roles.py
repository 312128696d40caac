"""The one table from role to permission: the built-in roles, and how those that an organization makes itself add to them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from accounts.permissions import HOME, PERMISSIONS, is_reading, stronger


def implies(grants: Collection[str], permission: str) -> bool:
    """Whether these permissions include `permission`, directly or because a stronger one implies it.

    Whoever may do anything at all sees what waits for them: no role is without its home.
    """
    if permission == HOME:
        return bool(grants)
    return permission in grants or any(strong in grants for strong in stronger(permission))


def implied(grants: Collection[str]) -> frozenset[str]:
    """These permissions with all that they imply; one that there is no more counts for nothing."""
    return frozenset(name for name in PERMISSIONS if implies(grants, name))


@dataclass(frozen=True, slots=True)
class Role:
    """A named set of permissions, as an administrator chooses it for a member."""

    key: str
    name: str
    description: str
    grants: frozenset[str]

    @property
    def rights(self) -> frozenset[str]:
        """What it grants, implied permissions included."""
        return implied(self.grants)

    def allows(self, permission: str) -> bool:
        """Whether the role grants `permission`, directly or because a stronger one implies it."""
        return implies(self.grants, permission)


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
        "monitoring.test",
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
        "members.appoint",
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
        "monitoring.test",
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
        "monitoring.test",
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
ADMINISTRATOR, AUDITOR, VIEWER = "administrator", "auditor", "viewer"
ONLY_READ = frozenset({AUDITOR, VIEWER})
PLAIN = ["employee"]  # the roles of somebody who sees only what waits for them
# Said for others than the organization's administration, so that nobody who gives roles holds it: an auditor's judgement, and
# what management signs. It comes with its built-in role alone, and nobody gives that to themselves.
SAID_FOR_OTHERS = frozenset({"requests.judge", "description.sign"})

ROLES: dict[str, Role] = {role.key: role for role in _ROLES}
ROLE_CHOICES: list[tuple[str, str]] = [(role.key, role.name) for role in _ROLES]


def granted(roles: Iterable[str], further: Collection[str] = ()) -> frozenset[str]:
    """Every permission that a person with these role keys has, implied ones included; `further`: what other roles grant."""
    held = [ROLES[key] for key in roles if key in ROLES]
    return frozenset(name for name in PERMISSIONS if any(role.allows(name) for role in held) or implies(further, name))


def granting(permission: str) -> list[str]:
    """The keys of the built-in roles that grant a permission."""
    return [role.key for role in _ROLES if role.allows(permission)]


PLAIN_RIGHTS = granted(PLAIN)  # who has no more than this may rely on the second factor of their company's sign-in


def changing_beyond_reading(rights: Iterable[str]) -> list[str]:
    """What of these permissions changes something, but for what an auditor does."""
    held = frozenset(rights) - granted([AUDITOR, VIEWER])
    return [name for name in PERMISSIONS if name in held and not is_reading(name)]


def words_for(permission: str) -> str:
    """The built-in roles of people that grant a permission, as words: `Administrator`, `Approver or Compliance manager`."""
    names = [role.name for role in _ROLES if role.key not in FOR_PROGRAMS and role.allows(permission)]
    return " or ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
