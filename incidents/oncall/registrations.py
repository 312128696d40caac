"""Hooks of escalation, places in the frame, and what the tick does."""

from incidents import hooks
from incidents.alerts.forgetting import forget_alerts
from incidents.oncall import escalating
from incidents.oncall.inbox import about, waiting
from incidents.oncall.page import slot
from incidents.oncall.periodic import KIND, forget_deliveries, over, put_back, tell_gaps
from incidents.slots import register_slot
from ui.navigation import register_place
from workflow.inbox import register_inbox
from workflow.pruning import KEPT
from workflow.retention import Disposable, register_disposable
from workflow.schedule import register_periodic


def register() -> None:
    """Fill the registries."""
    register_place("incidents", "On call", "incidents:on-call", "incidents.read", order=30)
    register_place("incidents", "Escalation", "incidents:policy-list", "oncall.write", order=32, more=True)
    register_place("incidents", "Alert channels", "incidents:channel-list", "oncall.write", order=34, more=True)
    register_place("incidents", "Alerts received", "incidents:alert-list", "incidents.read", order=36, more=True)
    register_slot("side", "incidents/oncall/escalation.html", slot, order=20)
    hooks.on_opened(escalating.start)
    hooks.on_acknowledged(escalating.stop)
    hooks.on_moved(escalating.follow)
    register_inbox(waiting, about)
    register_periodic("alarms.put_back", put_back)
    register_periodic("on_call.tell_gaps", tell_gaps)
    register_periodic("alarms.forget_deliveries", forget_deliveries)
    register_periodic("alerts.forget", forget_alerts)
    register_disposable(
        Disposable(
            key=KIND,
            label="Calls of alert channels",
            words="What was sent to a webhook of an alert channel, and what it answered. The incidents themselves stay.",
            rows=over,
            moment="created_at",
            usual=KEPT.days,
        )
    )
