"""What the lower apps should know of the controls."""

from controls.catalogue import registrations as catalogue


def register() -> None:
    """Fill the registries."""
    catalogue.register()
