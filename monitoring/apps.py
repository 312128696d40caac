"""Health checks, uptime, recovery and load tests."""

from django.apps import AppConfig


class MonitoringConfig(AppConfig):
    """Monitoring."""

    name = "monitoring"
    verbose_name = "Monitoring"

    def ready(self) -> None:
        """Take a place in the frame, in everybody's work and in the schedule."""
        from monitoring.registrations import register  # noqa: PLC0415 - it needs models

        register()
