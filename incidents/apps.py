"""Security events, incidents and who is on call."""

from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    """Incidents."""

    name = "incidents"
    verbose_name = "Incidents"

    def ready(self) -> None:
        """Take a place in the frame, in everybody's work and in the schedule."""
        from incidents.registrations import register  # noqa: PLC0415 - it needs models

        register()
