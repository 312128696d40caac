"""The place of acknowledgements in the frame, in everybody's work, in the schedule, and what they do when a version changes."""

from policies import hooks
from policies.acknowledging.inbox import about, waiting
from policies.acknowledging.reminding import escalate, remind
from policies.acknowledging.running import ask_by_themselves, in_place_of, when_retired
from policies.models import Acknowledgement, AcknowledgementPaper
from policies.rights import EVERYBODY
from ui.navigation import register_place
from workflow.inbox import register_inbox
from workflow.personal import register_about
from workflow.schedule import register_periodic


def register() -> None:
    """Fill the registries."""
    register_place("policies", "Acknowledgements", "policies:acknowledgements", EVERYBODY, order=20)
    register_inbox(waiting, about)
    register_periodic("policies.ask_by_themselves", ask_by_themselves)
    register_periodic("policies.remind_to_confirm", remind)
    register_periodic("policies.escalate_to_managers", escalate)
    register_about(Acknowledgement, "person", title="Policies they were asked to confirm")
    register_about(AcknowledgementPaper, "acknowledgement__person", title="Certificates of what they confirmed")
    hooks.on_published(in_place_of)
    hooks.on_retired(when_retired)
