"""What monitoring put into the registries of the layers below."""

from ui.navigation import register_place


def register() -> None:
    """Fill the registries."""
    register_place("incidents", "Checks", "monitoring:list", "monitoring.read", order=40)
