"""The one table from role to permission. A permission is `resource.action`; admin implies the rest, write implies read."""

from dataclasses import dataclass

HOME = "home.read"

PERMISSIONS: dict[str, str] = {
    HOME: "See what waits for oneself",
    "people.read": "See the roster",
    "people.write": "Change and import the roster",
    "people.match": "Confirm which account belongs to whom",
    "systems.read": "See systems",
    "systems.write": "Add and change systems",
    "snapshots.read": "See imported populations and their files",
    "snapshots.write": "Import populations",
    "snapshots.confirm": "Confirm a population that shrank by more than half",
    "reviews.read": "See every review and its reports",
    "reviews.write": "Prepare, start and reassign reviews",
    "reviews.decide": "Decide on the items routed to oneself",
    "reviews.sign": "Sign off and close reviews",
    "removals.read": "See removal tasks",
    "removals.work": "Work on removal tasks and claim them done",
    "removals.accept": "Accept access that was not removed, by name and with an end",
    "evidence.read": "See evidence",
    "evidence.write": "Add evidence",
    "samples.draw": "Draw samples from frozen populations",
    "controls.read": "See controls, their occurrences, tests and status",
    "controls.write": "Change controls and audit periods",
    "controls.test": "Test controls that are not one's own",
    "events.write": "Log control events (for the tokens of other systems)",
    "alerts.work": "Look at alerts and note what was found",
    "findings.read": "See findings",
    "findings.write": "Raise findings, change them and hand them on",
    "findings.accept": "Accept a finding that is not with oneself, by name and with an end",
    "reports.read": "Read and download reports",
    "reports.write": "Ask for reports and choose who is told of them",
    "requests.read": "See what the auditor asks for",
    "requests.write": "Run the auditor's request list: import, change, assign and submit",
    "requests.raise": "Ask for something in the auditor's request list, and withdraw what was asked",
    "requests.judge": "Accept or return, as the auditor, what was submitted",
    "description.approve": "Approve what others wrote of the system description",
    "description.sign": "Sign management's assertion on the system description",
    "occurrences.perform": "Perform the controls that one owns and supply their evidence",
    "changes.raise": "Raise changes, and work on those one has raised",
    "changes.read": "See every change, its approvals and the deployments",
    "changes.work": "Carry out and review the changes that are with oneself",
    "changes.write": "Run changes: templates, the calendar, imports, and the changes of others",
    "changes.approve": "Approve or reject the changes of others",
    "change_rules.write": "Decide who has to approve which changes",
    "deployments.write": "Report deployments and ask whether one may go (for the tokens of pipelines)",
    "audit.read": "Read the audit trail",
    "members.read": "See who has an account here",
    "absences.write": "Say for others when they are away, and who stands in for them",
    "members.admin": "Invite and remove members, change their roles",
    "mail.read": "Read the mail this organization sends",
    "mail.write": "Send mail again that did not arrive",
    "organization.admin": "Change the organization itself",
}


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


def stronger(permission: str) -> tuple[str, ...]:
    """The permissions that imply `permission`: the resource's admin always, its write for reading."""
    resource, _, action = permission.partition(".")
    return (f"{resource}.admin", f"{resource}.write") if action == "read" else (f"{resource}.admin",)


_READ_WORK = (
    "people.read", "systems.read", "snapshots.read", "reviews.read", "removals.read", "evidence.read", "controls.read",
    "findings.read", "reports.read", "requests.read", "changes.read",
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
        "people.write",
        "systems.write",
        "snapshots.write",
        "removals.work",
        "evidence.write",
        "samples.draw",
        "audit.read",
        "members.admin",
        "absences.write",
        "mail.write",
        "organization.admin",
        "occurrences.perform",
        "changes.raise",
        "changes.work",
        "reports.write",
        "events.write",
        "alerts.work",
        "changes.write",
        "deployments.write",
    ),
    _role(
        "compliance_manager",
        "Compliance manager",
        "Runs the reviews from import to sign-off and answers to the auditor.",
        *_READ_WORK,
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
        "requests.raise",
        "occurrences.perform",
        "changes.raise",
        "changes.work",
        "reports.write",
        "events.write",
        "alerts.work",
        "description.approve",
        "changes.write",
        "changes.approve",
        "change_rules.write",
        "deployments.write",
    ),
    _role(
        "reviewer",
        "Reviewer",
        "Decides who keeps access, for the items routed to them.",
        "people.read",
        "systems.read",
        "reviews.decide",
        "removals.read",
        "removals.work",
        "controls.read",
        "controls.test",
        "findings.read",
        "changes.read",
        "occurrences.perform",
        "changes.raise",
        "changes.work",
        "alerts.work",
    ),
    _role(
        "approver",
        "Approver",
        "Approves what others prepare and accepts findings by name; sees reviews and removals.",
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
        "occurrences.perform",
        "changes.raise",
        "changes.work",
        "description.approve",
    ),
    _role(
        "executive",
        "Executive",
        "Sees results and reports; approves changes that a rule leaves to executives.",
        "systems.read",
        "reviews.read",
        "removals.read",
        "evidence.read",
        "reports.read",
        "controls.read",
        "findings.read",
        "changes.read",
        "changes.approve",
        "occurrences.perform",
        "changes.raise",
        "changes.work",
        "description.approve",
        "description.sign",
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
    ),
    _role("viewer", "Viewer", "Reads reviews, changes, systems, people and evidence. Changes nothing.", *_READ_WORK),
    _role("employee", "Employee", "Sees only what waits for them.", "occurrences.perform", "changes.raise", "changes.work"),
)

ROLES: dict[str, Role] = {role.key: role for role in _ROLES}
ROLE_CHOICES: list[tuple[str, str]] = [(role.key, role.name) for role in _ROLES]


def granted(roles: list[str]) -> frozenset[str]:
    """Every permission that a person with these role keys has, implied ones included."""
    return frozenset(name for name in PERMISSIONS if any(ROLES[key].allows(name) for key in roles))
