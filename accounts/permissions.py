"""The permissions there are. A permission is `resource.action`; admin implies the rest, write implies read."""

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
    "packages.read": "Download packages for the auditor",
    "packages.write": "Make packages for the auditor",
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
    "incidents.report": "Report what looks wrong, and see what one has reported",
    "incidents.read": "See security events, incidents and who is on call",
    "incidents.work": "Work on the incidents one has a part in",
    "incidents.write": "Run incidents: evaluate events, assign, decide and close",
    "incidents.approve": "Approve the review of an incident that others have written",
    "incidents.confide": "See confidential incidents without being named in their team",
    "oncall.write": "Decide who is on call, whom an alarm reaches and by which channel",
    "monitoring.read": "See checks, uptime, recovery and load tests",
    "monitoring.write": "Add and change checks and maintenance",
    "monitoring.test": "Record recovery and load tests, and reviews of capacity",
    "monitoring.push": "Send heartbeats and values (for the tokens of other systems)",
    "vulnerabilities.read": "See scans, vulnerabilities and penetration tests",
    "vulnerabilities.write": "Import scans, hand vulnerabilities on, and run penetration tests",
    "vulnerabilities.accept": "Accept a vulnerability by name and with an end",
    "processing.read": "See schemas and what was validated against them",
    "processing.write": "Register schemas and set the thresholds of their alerts",
    "processing.record": "Validate documents and record the outcome (for the tokens of other systems)",
    "policies.acknowledge": "Read what is in force, confirm what one is asked to, and ask for an exception",
    "policies.read": "See every policy with its versions, exceptions, violations and who acknowledged it",
    "policies.write": "Write policies, publish what is approved, and run acknowledgements",
    "policies.approve": "Approve policies and exceptions that others prepared",
    "violations.write": "Report violations of policies and say how they were remediated (also for tokens of other systems)",
    "training.read": "See who was trained in what, and until when",
    "training.write": "Record and import training",
    "background_checks.read": "See the register of background checks with their outcomes",
    "background_checks.write": "Record and import background checks",
    "vendors.request": "Ask for a vendor, and see what one has asked for",
    "vendors.read": "See vendors, their documents and how they were assessed",
    "vendors.write": "Assess vendors, keep their documents and run their reviews",
    "vendors.approve": "Decide whether a vendor may be used",
    "risks.work": "Work on the risks, and the tasks of risks, that are with oneself",
    "risks.read": "See the register of risks and its assessments",
    "risks.write": "Keep the register of risks and prepare its assessments",
    "risks.approve": "Approve an assessment of risks that others prepared, and accept risks",
    "privacy.read": "See data classes, the data inventory, notices, retention and what was deleted",
    "privacy.write": "Keep data classes, the data inventory, notices, retention schedules and cases of customers who left",
    "holds.write": "Place and lift legal holds",
    "subjects.read": "See what people ask about their own data",
    "subjects.write": "Answer what people ask about their own data",
    "audit.read": "Read the audit trail",
    "members.read": "See who has an account here",
    "absences.write": "Say for others when they are away, and who stands in for them",
    "members.appoint": "Invite people, make roles and give them, none that may do more than oneself",
    "members.admin": "Remove members and let them back in, end their sessions, give them roles",
    "mail.read": "Read the mail this organization sends",
    "mail.write": "Send mail again that did not arrive",
    "organization.admin": "Change the organization itself",
}

# Whoever looks at what these open has looked at the administration: who may do what, what was done, and what is held on people.
_ADMINISTRATIVE = frozenset({"audit", "background_checks", "holds", "mail", "members", "organization", "subjects"})


def is_administrative(permission: str) -> bool:
    """Whether to look at what this opens is recorded."""
    return permission.partition(".")[0] in _ADMINISTRATIVE


def is_reading(permission: str) -> bool:
    """Whether it changes nothing."""
    return permission.endswith(".read")


def stronger(permission: str) -> tuple[str, ...]:
    """The permissions that imply `permission`: the resource's admin always, its write for reading."""
    resource, _, action = permission.partition(".")
    return (f"{resource}.admin", f"{resource}.write") if action == "read" else (f"{resource}.admin",)
