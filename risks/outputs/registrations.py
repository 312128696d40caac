"""Risks as a population."""

from risks.outputs.populations import register_populations


def register() -> None:
    """Fill the registries."""
    register_populations()
