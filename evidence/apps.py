"""Stored files and evidence."""

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    """Evidence."""

    name = "evidence"
    verbose_name = "Evidence"

    def ready(self) -> None:
        """Take a place in the frame, in everybody's work and in the schedule."""
        import evidence.printing.checks  # noqa: F401, PLC0415 - registers itself
        from evidence.registrations import register  # noqa: PLC0415 - it needs models

        register()
