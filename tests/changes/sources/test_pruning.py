"""The log of deliveries forgets after 400 days, and what it forgot cannot be replayed."""

import datetime as dt
import json

from audit.models import AuditEvent
from changes.models import Delivery
from changes.sources.pruning import prune
from tenancy.scope import now, tenant
from tests.changes.sources import payloads
from workflow.pruning import KEPT


def test_old_deliveries_go_with_an_event_and_once(github, acme):
    for number in (1, 2):
        assert github.github("pull_request", payloads.pull_request("opened", payloads.pull(number=number))).status_code == 202
    with tenant(acme):
        Delivery.objects.filter(pk=Delivery.objects.latest("received_at").pk).update(
            received_at=now() - KEPT - dt.timedelta(days=1)
        )
        for _ in range(2):
            prune(acme, now())
        assert Delivery.objects.count() == 1
        (event,) = AuditEvent.objects.filter(verb="change_source.prune")
        assert (event.object_id, json.loads(event.body)["metadata"]["deliveries"]) == (github.source.pk, 1)


def test_what_is_older_than_the_log_is_not_taken_again(github, log):
    old = (now() - KEPT - dt.timedelta(days=1)).isoformat()
    sent = payloads.pull_request("opened", payloads.pull(updated_at=old))
    assert github.github("pull_request", sent).status_code == 422
    assert [outcome for outcome, _ in log()] == ["failed"]
