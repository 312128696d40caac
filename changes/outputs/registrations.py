"""What follows from changes by itself."""

from changes.lifecycle import hooks
from changes.outputs import facts, following, population
from changes.outputs.feeding import feed_done
from controls.occurrences.events import register_events
from evidence.populations.registry import register_population
from workflow.schedule import register_periodic


def register() -> None:
    """Fill the registries."""
    hooks.follow(following.follow)
    register_periodic("changes.feed", feed_done)
    register_population(population.KIND, population.LABEL, population.STATEMENT, population.carried_out)
    register_events(population.KIND, population.LABEL, population.events)
    facts.register()
