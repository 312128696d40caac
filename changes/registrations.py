"""What changes put into the registries of the layers below."""

from changes.calendar import registrations as calendar


def register() -> None:
    """Fill the registries."""
    calendar.register()
