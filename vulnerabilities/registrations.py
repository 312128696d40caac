"""What vulnerabilities put into the registries of the layers below."""

from vulnerabilities.handling import registrations as handling


def register() -> None:
    """Fill the registries."""
    handling.register()
