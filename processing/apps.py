"""Processing integrity: schemas and what was validated against them."""

from django.apps import AppConfig


class ProcessingConfig(AppConfig):
    """Processing."""

    name = "processing"
    verbose_name = "Processing"

    def ready(self) -> None:
        """Take a place in the frame, in everybody's work and in the schedule."""
        from processing.registrations import register  # noqa: PLC0415 - it needs models

        register()
