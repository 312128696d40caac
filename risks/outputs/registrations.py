"""Risks as a population, and on the shelf of the binder."""

from risks.outputs import shelf
from risks.outputs.populations import register_populations


def register() -> None:
    """Fill the registries."""
    register_populations()
    shelf.register()
