"""The same events sent at once are kept once; two workers at once raise one alert."""

import pytest
from django.db.models import Q

from audit.actors import WORKER
from controls.catalogue.actions import create_control
from controls.events.actions import log_events
from controls.events.alerts import evaluate
from controls.events.rules import create_rule
from controls.models import Alert, ControlEvent
from tenancy.models import Organization
from tenancy.scope import tenant
from tests.cast import Cast
from tests.controls.events.samples import CODE, access
from tests.races import at_once

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("committed_db")]


@pytest.fixture
def acme(committed_db) -> Organization:
    organization = Organization.objects.get(slug="acme")
    with tenant(organization):
        create_control(actor=Cast().manager, code=CODE, title="Restricted", cadence="yearly", in_scope_since=organization.today())
    return organization


def test_the_same_sent_at_once_is_kept_once(acme):
    manager, sent = Cast().manager, [access(str(number)) for number in range(400)]

    def send(number: int) -> list[str]:
        with tenant(acme):  # the same events in another order, as two senders may: neither waits for what the other holds
            found = log_events(sent[::-1] if number % 2 else sent, source="idp", organization=acme, actor=manager)
            return [one.status for one in found]

    answers = at_once(send)
    assert sum(answer.count("accepted") for answer in answers) == 400
    assert sum(answer.count("duplicate") for answer in answers) == 1200
    with tenant(acme):
        assert ControlEvent.objects.count() == 400


def test_two_workers_raise_one_alert(acme):
    manager = Cast().manager
    with tenant(acme):
        create_rule(actor=manager, name="Denied", watches="failed_access", threshold=2, by="actor")
        log_events([access(str(n)) for n in range(3)], source="idp", organization=acme, actor=manager)

    def ask(_: int) -> int:
        with tenant(acme):
            return len(evaluate(Q(), actor=WORKER))

    before = sum(at_once(ask))
    with tenant(acme):
        assert Alert.objects.count() == 1
    assert before <= 1
