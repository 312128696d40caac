"""The place of control events in the frame, in the work of those who look at alerts, in populations and in the schedule."""

from controls.events import population
from controls.events.inbox import about, waiting
from controls.events.tasks import watch_again
from controls.models import Alert
from evidence.populations.registry import register_population
from ui.navigation import register_place
from workflow.inbox import register_inbox
from workflow.personal import register_naming
from workflow.schedule import register_periodic


def register() -> None:
    """Fill the registries."""
    register_place("controls", "Events", "controls:event-list", "controls.read", order=55, more=True)
    register_place("controls", "Alerts", "controls:alert-list", "controls.read", order=56)
    register_naming(Alert, "same", "sentence")
    register_inbox(waiting, about)
    register_population(population.KIND, population.LABEL, population.STATEMENT, population.occurred)
    register_periodic("controls.watch_events", watch_again)
