"""What the lower apps should know of the controls."""

from controls.catalogue import registrations as catalogue
from controls.occurrences import registrations as occurrences
from controls.status import registrations as status


def register() -> None:
    """Fill the registries."""
    catalogue.register()
    occurrences.register()
    status.register()  # after what moves occurrences: it derives from them
