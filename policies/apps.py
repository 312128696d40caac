"""Policies: written, approved, acknowledged, and what departs from them."""

from django.apps import AppConfig


class PoliciesConfig(AppConfig):
    """Policies."""

    name = "policies"
    verbose_name = "Policies"

    def ready(self) -> None:
        """Take a place in the frame, in everybody's work and in the schedule."""
        from policies.registrations import register  # noqa: PLC0415 - it needs models

        register()
