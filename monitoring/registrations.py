"""What monitoring put into the registries of the layers below."""

from monitoring import inbox, periodic
from monitoring.outputs import registrations as outputs
from monitoring.own.context import follow_tasks
from monitoring.recovery import failover
from ui.navigation import register_place
from workflow.inbox import register_inbox
from workflow.schedule import register_periodic


def register() -> None:
    """Fill the registries."""
    register_place("incidents", "Checks", "monitoring:list", "monitoring.read", order=40)
    register_place("incidents", "Uptime", "monitoring:uptime", "monitoring.read", order=45, brief=True)
    register_place("incidents", "Maintenance", "monitoring:maintenance-list", "monitoring.read", order=46, more=True)
    register_place("incidents", "Recovery tests", "monitoring:recovery-list", "monitoring.read", order=50, more=True)
    register_place("incidents", "Capacity", "monitoring:capacity-list", "monitoring.read", order=55, more=True)
    register_place("incidents", "Load tests", "monitoring:load-list", "monitoring.read", order=56, more=True)
    register_inbox(inbox.entries, inbox.about)
    register_inbox(failover.entries, failover.about)
    register_periodic("monitoring.forget_results", periodic.forget_results)
    register_periodic("monitoring.remind_of_failover", failover.remind)
    follow_tasks()
    outputs.register()
