"""The places of occurrences in the frame, in everybody's work, in the schedule, and behind the evidence."""

from controls.models import Occurrence
from controls.occurrences.configuration import satisfy
from controls.occurrences.events import NAMES, register_events
from controls.occurrences.inbox import about, waiting
from controls.occurrences.inventory_events import access_grants, joiners, leavers
from controls.occurrences.layout import keep_laid_out
from controls.occurrences.reminders import send_reminders
from controls.occurrences.reopening import evidence_changed
from controls.testing.hooks import on_tested
from evidence.hooks import on_changed
from ui.navigation import register_place
from workflow.inbox import register_inbox
from workflow.personal import register_naming
from workflow.schedule import register_periodic


def register() -> None:
    """Fill the registries."""
    register_place("controls", "Occurrences", "controls:occurrence-list", "controls.read", order=20)
    register_events("joiners", NAMES["joiners"], joiners)
    register_events("leavers", NAMES["leavers"], leavers)
    register_events("access_grants", NAMES["access_grants"], access_grants)
    register_naming(Occurrence, "label", "statement")
    register_inbox(waiting, about)
    register_periodic("controls.lay_out", keep_laid_out)
    register_periodic("controls.remind", send_reminders)
    on_changed(evidence_changed)
    on_tested(satisfy)
