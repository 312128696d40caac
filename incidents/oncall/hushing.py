"""What was written of an incident before it was made confidential, and has not left yet, says no more what it is about."""

import json

from django.db.models import Q

from controls.events.actions import OWN
from controls.events.hiding import alerts_called_by
from controls.models import ControlEvent
from incidents.models import AlertDelivery, Escalation, Incident
from incidents.oncall.alarms import facts_of, link_of
from incidents.oncall.calling import body_of
from incidents.outputs.kept import CLOSED
from workflow.models import OutboxMessage

SUBJECT = "A confidential incident"


def hush(incident: Incident) -> None:
    """Write calls and mails anew that wait or were given up; what a worker is sending now leaves as it is.

    Part of the action that makes it confidential.
    """
    calls = AlertDelivery.objects.select_for_update(of=("self",), skip_locked=True).filter(incident=incident)
    for one in calls.select_related("channel").exclude(state=AlertDelivery.State.DELIVERED):
        body = json.dumps(body_of(one.channel, one.event, facts_of(incident), one.created_at), ensure_ascii=False, sort_keys=True)
        AlertDelivery.objects.filter(pk=one.pk).update(body=body)
    about = Q(key__startswith=f"incident:{incident.pk}:")
    for key in Escalation.objects.filter(incident=incident).values_list("pk", flat=True):
        about |= Q(key__startswith=f"escalation:{key}:")
    closings = ControlEvent.objects.filter(source=OWN, event_id__startswith=f"{incident.reference}{CLOSED}")
    for key in alerts_called_by(closings).values_list("pk", flat=True):
        about |= Q(key__startswith=f"alert:{key}:")
    unsent = OutboxMessage.objects.select_for_update(skip_locked=True).filter(about).exclude(status=OutboxMessage.Status.SENT)
    written = [one.pk for one in unsent]
    OutboxMessage.objects.filter(pk__in=written).update(
        subject=SUBJECT, text=f"An incident that concerns you has been made confidential.\n\n{link_of(incident)}"
    )
