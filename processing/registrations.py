"""What processing put into the registries of the layers below."""

from evidence.populations.registry import register_population
from processing import inbox
from processing.alerts.tasks import watch_all
from processing.records import population
from ui.navigation import register_place
from workflow.inbox import register_inbox
from workflow.schedule import register_periodic


def register() -> None:
    """Fill the registries."""
    register_place("incidents", "Processing", "processing:figures", "processing.read", order=80)
    register_inbox(inbox.waiting, inbox.about)
    register_population(population.KIND, population.LABEL, population.STATEMENT, population.occurred)
    register_periodic("processing.watch", watch_all)
