"""What the lower apps should know of the controls."""


def register() -> None:
    """Fill the registries."""
