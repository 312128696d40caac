"""What processing put into the registries of the layers below."""

from evidence.populations.registry import register_population
from processing.alerts.tasks import watch_all
from processing.records import population
from ui.navigation import register_place
from workflow.schedule import register_periodic


def register() -> None:
    """Fill the registries."""
    register_place("incidents", "Processing", "processing:figures", "processing.read", order=80)
    register_population(population.KIND, population.LABEL, population.STATEMENT, population.occurred)
    register_periodic("processing.watch", watch_all)
