"""The readiness checklist and the eight rules to watch. Each is derived from the controls that name its key."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """One line of the checklist, or one rule."""

    key: str
    group: str
    text: str


_SECURITY = {
    "mfa": "MFA for all users",
    "rbac": "Access by role, with least privilege",
    "password-hashing": "Passwords hashed with Argon2 or bcrypt",
    "sessions": "Sessions are secure",
    "api-authentication": "Authentication on every API endpoint",
    "encryption-at-rest": "Encryption at rest",
    "tls": "TLS 1.2 or newer everywhere",
    "security-headers": "Security headers",
}
_AVAILABILITY = {
    "uptime-target": "An uptime commitment is defined",
    "health-checks": "Health checks",
    "auto-scaling": "Capacity scales by itself",
    "daily-backups": "Daily backups",
    "recovery-tested": "The recovery plan is tested",
    "incident-procedures": "Incident procedures",
}
_AUDIT = {
    "central-logging": "Central logs, kept 90 days or longer",
    "audit-trail": "An audit trail of sensitive actions",
    "alerting": "Real-time alerts",
    "vulnerability-scans": "Regular vulnerability scans",
    "penetration-test": "A penetration test every year",
    "access-reviews": "Access reviews every quarter",
}
_CHANGE = {
    "pull-requests": "All changes by pull request",
    "code-review": "Code review",
    "automated-tests": "Automated tests",
    "pipeline-scan": "A security scan in the pipeline",
    "production-approval": "Approval for production",
    "rollback-tested": "Rollback is tested",
}
_RULES = {
    "no-shared-credentials": "No shared credentials",
    "no-skipped-review": "No skipped review",
    "no-unapproved-deployment": "No deployment without approval",
    "no-log-deletion": "No deletion of audit logs",
    "no-ignored-alert": "No alert left without a documented look",
    "no-production-data-in-development": "No production data in development",
    "no-access-before-check": "No data access before the background check",
    "no-internal-errors": "No internal error shown to users",
}


def _items(group: str, texts: dict[str, str]) -> dict[str, ChecklistItem]:
    return {key: ChecklistItem(key, group, text) for key, text in texts.items()}


CHECKLIST: dict[str, ChecklistItem] = {
    **_items("Security", _SECURITY),
    **_items("Availability", _AVAILABILITY),
    **_items("Audit and monitoring", _AUDIT),
    **_items("Change", _CHANGE),
}

EIGHT_RULES: dict[str, ChecklistItem] = _items("Rules to watch", _RULES)
