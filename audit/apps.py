"""The audit trail."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Audit: record, @action, the append-only table."""

    name = "audit"
    verbose_name = "Audit trail"
