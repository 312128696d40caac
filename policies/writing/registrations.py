"""The place of policies in the frame, in everybody's work and in the schedule."""

from policies.publishing.actions import publish_due
from policies.publishing.reminding import remind
from policies.rights import EVERYBODY
from policies.writing.telling import about, waiting
from ui.navigation import register_place
from workflow.inbox import register_inbox
from workflow.schedule import register_periodic


def register() -> None:
    """Fill the registries."""
    register_place("policies", "Policies", "policies:list", EVERYBODY, order=10, brief=True)
    register_inbox(waiting, about)
    register_periodic("policies.publish", publish_due)
    register_periodic("policies.remind_of_reviews", remind)
