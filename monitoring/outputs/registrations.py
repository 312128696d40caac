"""What follows from monitoring by itself."""

from monitoring.outputs import facts, population


def register() -> None:
    """Fill the registries."""
    facts.register()
    population.register()
