"""What follows from incidents by itself."""

from controls.occurrences.events import register_events
from incidents import hooks
from incidents.outputs import facts, kept, population


def register() -> None:
    """Fill the registries."""
    hooks.on_moved(kept.follow)
    population.register()
    register_events(population.INCIDENTS, "Incidents", population.events)
    facts.register()
