"""Criteria, audit periods, controls and what is derived from them."""

from django.apps import AppConfig


class ControlsConfig(AppConfig):
    """Controls."""

    name = "controls"
    verbose_name = "Controls"

    def ready(self) -> None:
        """Take a place in the frame, in everybody's work, in the schedule and behind the evidence."""
        from controls.registrations import register  # noqa: PLC0415 - it needs models

        register()
