"""Several do the same at the same moment, with real commits: it is done once, and nobody fails for it."""

import pytest

from incidents.lifecycle import actions
from incidents.models import Incident, IncidentTime, IncomingAlert, SecurityEvent
from tenancy.scope import tenant
from tests.api.conftest import Program, make_token
from tests.cast import Cast
from tests.incidents.making import an_incident
from tests.races import at_once
from ui.refusals import ActionRefused

pytestmark = [pytest.mark.integration]


def test_the_same_alerts_in_another_order_and_the_same_acknowledgement(committed_db):
    cast = Cast()
    text = make_token(cast.manager)[1]
    alerts = [{"title": f"Disk {n}", "severity": "critical" if n == 3 else "high", "fingerprint": str(n)} for n in range(8)]

    def send(number: int) -> int:
        sent = alerts if number % 2 else alerts[::-1]
        return int(Program(text).post("incoming-alerts", {"alerts": sent}).status_code)

    assert at_once(send) == [200] * 4
    with tenant(cast.manager.organization):
        assert set(IncomingAlert.objects.values_list("times_seen", flat=True)) == {4}
        assert (SecurityEvent.objects.count(), Incident.objects.count()) == (8, 1)
        incident = an_incident(cast.manager)

    def acknowledge(number: int) -> Incident:
        with tenant(cast.manager.organization):
            return actions.acknowledge(Incident.objects.get(pk=incident.pk), actor=cast.manager)

    done = at_once(acknowledge)
    assert sum(isinstance(one, ActionRefused) for one in done) == 3
    with tenant(cast.manager.organization):
        assert IncidentTime.objects.filter(incident=incident, what="acknowledged").count() == 1
