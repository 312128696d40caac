"""What the figures say: the dashboard, and the reports made of them."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """Reports."""

    name = "reports"
    verbose_name = "Reports"

    def ready(self) -> None:
        """Take a place in the frame, and be where executives land."""
        from reports.registrations import register  # noqa: PLC0415 - it needs models

        register()
