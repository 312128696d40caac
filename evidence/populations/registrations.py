"""The place of test populations in the frame, the evidence's own population, and what gives up."""

from evidence.populations import own
from evidence.populations.registry import register_population
from evidence.populations.tasks import give_up_lost
from ui.navigation import register_place
from workflow.schedule import register_periodic


def register() -> None:
    """Fill the registries."""
    register_place("audit", "Test populations", "evidence:population-list", "evidence.read", order=30)
    register_population(own.KIND, own.LABEL, own.STATEMENT, own.collected)
    register_periodic("evidence.give_up_populations", give_up_lost)
