"""What policies put into the registries of the layers below."""

from policies.writing import registrations as writing


def register() -> None:
    """Fill the registries."""
    writing.register()
