"""Risks: what could happen, how bad it would be, what is done about it."""

from django.apps import AppConfig


class RisksConfig(AppConfig):
    """Risks."""

    name = "risks"
    verbose_name = "Risks"

    def ready(self) -> None:
        """Take a place in the frame, in everybody's work and in the schedule."""
        from risks.registrations import register  # noqa: PLC0415 - it needs models

        register()
