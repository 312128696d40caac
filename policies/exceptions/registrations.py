"""The place of exceptions in the frame, in everybody's work and in the schedule, and what becomes of them when a policy ends."""

from policies import hooks
from policies.exceptions.actions import when_retired
from policies.exceptions.periodic import end_exceptions, remind
from policies.exceptions.telling import about, waiting
from policies.rights import EVERYBODY
from ui.navigation import register_place
from workflow.inbox import register_inbox
from workflow.schedule import register_periodic


def register() -> None:
    """Fill the registries."""
    register_place("policies", "Exceptions", "policies:exceptions", EVERYBODY, order=40)
    register_inbox(waiting, about)
    register_periodic("policies.end_exceptions", end_exceptions)
    register_periodic("policies.remind_of_exceptions", remind)
    hooks.on_retired(when_retired)
