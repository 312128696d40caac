"""The place of measures in the frame."""

from ui.navigation import register_place


def register() -> None:
    """Fill the registries."""
    register_place("incidents", "How long they take", "incidents:measures", "incidents.read", order=15, more=True)
