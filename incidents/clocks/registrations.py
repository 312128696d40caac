"""The place of clocks on the page, in the frame, in everybody's work and in the schedule."""

from incidents import hooks
from incidents.clocks.closing import unfinished
from incidents.clocks.inbox import about, remind, waiting
from incidents.clocks.page import clocks_of
from incidents.clocks.rules import seed
from incidents.clocks.starting import follow_moved, follow_opened
from incidents.slots import register_slot
from ui.navigation import register_place
from workflow.inbox import register_inbox
from workflow.schedule import register_periodic


def register() -> None:
    """Fill the registries."""
    hooks.on_opened(follow_opened)
    hooks.on_moved(follow_moved)
    hooks.on_unfinished(unfinished)
    register_slot("side", "incidents/clocks.html", clocks_of, order=20, jump=("Notification clocks", "clocks"))
    register_place("incidents", "Notification clocks", "incidents:rule-list", "incidents.read", order=35, more=True)
    register_inbox(waiting, about)
    register_periodic("incidents.seed_notification_rules", seed)
    register_periodic("incidents.remind_of_clocks", remind)
