"""Vendors: asked for, assessed, decided on, watched, left."""

from django.apps import AppConfig


class VendorsConfig(AppConfig):
    """Vendors."""

    name = "vendors"
    verbose_name = "Vendors"

    def ready(self) -> None:
        """Take a place in the frame, in everybody's work and in the schedule."""
        from vendors.registrations import register  # noqa: PLC0415 - it needs models

        register()
