"""What privacy put into the registries of the layers below."""


def register() -> None:
    """Fill the registries."""
