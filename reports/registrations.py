"""What the lower apps should know of the reports."""

from accounts.landing import register_landing
from reports.audience import landing
from ui.navigation import register_place


def register() -> None:
    """Fill the registries."""
    register_place("home", "Dashboard", "reports:dashboard", "controls.read", order=10)
    register_landing(landing)
