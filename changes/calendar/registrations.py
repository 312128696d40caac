"""The place of the calendar in the frame."""

from changes.calendar.listing import EVERYBODY
from ui.navigation import register_place


def register() -> None:
    """Fill the registries."""
    register_place("changes", "Calendar", "changes:calendar", EVERYBODY, order=20)
