"""What the life of changes puts into the registries of the layers below."""

from changes.lifecycle.hooks import on_moved
from changes.lifecycle.inbox import about, waiting
from changes.lifecycle.mail import tell_moved
from changes.lifecycle.periodic import expire, raise_unwritten, remind
from ui.navigation import register_place
from workflow.inbox import register_inbox
from workflow.schedule import register_periodic


def register() -> None:
    """Fill the registries."""
    register_place("changes", "Approval rules", "changes:rule-list", "changes.read", order=40, more=True)
    register_inbox(waiting, about)
    on_moved(tell_moved)
    register_periodic("changes.expire_approvals", expire)
    register_periodic("changes.raise_unwritten", raise_unwritten)
    register_periodic("changes.remind_of_reviews", remind)
