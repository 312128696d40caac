"""Data: its classes, where it is, how long it stays, and what people may ask about their own."""

from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    """Data and privacy."""

    name = "privacy"
    verbose_name = "Data and privacy"

    def ready(self) -> None:
        """Take a place in the frame, in everybody's work and in the schedule."""
        from privacy.registrations import register  # noqa: PLC0415 - it needs models

        register()
