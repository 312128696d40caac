"""Change management."""

from django.apps import AppConfig


class ChangesConfig(AppConfig):
    """Changes."""

    name = "changes"
    verbose_name = "Changes"

    def ready(self) -> None:
        """Take a place in the frame, in everybody's work and in the schedule."""
        from changes.registrations import register  # noqa: PLC0415 - it needs models

        register()
