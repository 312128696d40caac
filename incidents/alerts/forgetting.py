"""Alerts that nobody sent for 400 days are forgotten, as other logs are; what became of them stays."""

import datetime as dt

from django.db.models import QuerySet

from audit.actions import action
from audit.actors import SCHEDULE
from audit.record import record
from incidents.models import IncomingAlert
from incidents.models.incident import ONGOING
from tenancy.models import Organization
from workflow.pruning import AT_ONCE, KEPT
from workflow.retention import Disposable, is_scheduled, register_disposable, unheld

KIND = "incoming_alerts"  # as workflow.retention calls them


def over() -> QuerySet[IncomingAlert]:
    """Those whose incident, if they have one, does not go on."""
    return IncomingAlert.objects.exclude(incident__status__in=ONGOING)


def register() -> None:
    """Say that they may be deleted."""
    register_disposable(
        Disposable(
            key=KIND,
            label="Alerts that were received",
            words="What monitoring sent, and how often. The security events and incidents that came of it stay.",
            rows=over,
            moment="last_seen_at",
            usual=KEPT.days,
        )
    )


def forget_alerts(organization: Organization, at: dt.datetime) -> None:
    """Take them away, but for those whose incident goes on, with one event of the organization. Idempotent."""
    if is_scheduled(KIND):
        return
    before = at - KEPT
    old = unheld(KIND, over().filter(last_seen_at__lt=before))
    if old.exists():
        _forget(organization, old.order_by("last_seen_at", "pk"), before)


@action
def _forget(organization: Organization, old: QuerySet[IncomingAlert], before: dt.datetime) -> None:
    keys = list(old.select_for_update(of=("self",), skip_locked=True).values_list("pk", flat=True)[:AT_ONCE])
    IncomingAlert.objects.filter(pk__in=keys).delete()
    noted = {"alerts": len(keys), "last seen before": before}
    record("incoming_alert.prune", organization, actor=SCHEDULE, metadata=noted)
