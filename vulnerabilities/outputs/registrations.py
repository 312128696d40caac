"""The populations and facts of vulnerabilities."""

from vulnerabilities.outputs import facts, populations


def register() -> None:
    """Fill the registries."""
    populations.register()
    facts.register()
