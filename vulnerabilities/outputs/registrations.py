"""The populations and facts of vulnerabilities."""

from vulnerabilities.outputs import facts, populations, storage_facts


def register() -> None:
    """Fill the registries."""
    populations.register()
    facts.register()
    storage_facts.register()
