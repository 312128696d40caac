"""What incidents put into the registries of the layers below."""

from incidents.reporting import registrations as reporting


def register() -> None:
    """Fill the registries."""
    reporting.register()
