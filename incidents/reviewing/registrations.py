"""The place of reviews on the page, in everybody's work and in the audit binder."""

from controls.binder.facts import register_fact
from incidents import hooks
from incidents.reviewing.actions import missing
from incidents.reviewing.cause import follow
from incidents.reviewing.facts import disclosed
from incidents.reviewing.page import reviews_of
from incidents.reviewing.reminding import remind
from incidents.reviewing.telling import about, waiting
from incidents.slots import register_slot
from workflow.inbox import register_inbox
from workflow.schedule import register_periodic


def register() -> None:
    """Fill the registries."""
    hooks.needed_to_close(missing)
    hooks.on_moved(follow)
    register_slot("side", "incidents/reviews.html", reviews_of, order=30, late=("lead", 10), jump=("Review", "review"))
    register_inbox(waiting, about)
    register_fact("incidents", disclosed)
    register_periodic("incidents.remind_of_reviews", remind)
