"""The place of the calendar in the frame."""

from ui.navigation import register_place


def register() -> None:
    """Fill the registries."""
    register_place("changes", "Calendar", "changes:calendar", "changes.read", order=20)
