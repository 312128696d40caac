"""Scans, vulnerabilities and penetration tests."""

from django.apps import AppConfig


class VulnerabilitiesConfig(AppConfig):
    """Vulnerabilities."""

    name = "vulnerabilities"
    verbose_name = "Vulnerabilities"

    def ready(self) -> None:
        """Take a place in the frame, in everybody's work and in the schedule."""
        from vulnerabilities.registrations import register  # noqa: PLC0415 - it needs models

        register()
