"""The audit trail."""

from django.apps import AppConfig

from ui.navigation import register_place


class AuditConfig(AppConfig):
    """Audit: record, @action, the append-only table."""

    name = "audit"
    verbose_name = "Audit trail"

    def ready(self) -> None:
        """Give the trail its place in the rail."""
        register_place("audit", "Trail", "audit:list", "audit.read")
        register_place("audit", "Access log", "audit:access", "audit.read", order=105)
