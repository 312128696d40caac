"""What is due is found in one look, handed out once, comes back when a worker dies, and is not lost with Valkey."""

import time
import uuid

import pytest

from incidents import tasks
from incidents.models import AlertDelivery, Escalation, EscalationNotice
from incidents.oncall import channels, due
from incidents.oncall.periodic import put_back
from incidents.reporting.actions import open_incident
from tenancy.models import current_organization
from tenancy.scope import now
from tests.conftest import commits
from tests.incidents.oncall.making import a_policy, a_webhook

pytestmark = pytest.mark.usefixtures("in_acme")


@pytest.fixture
def valkey(monkeypatch, settings):
    """A set of this test's own."""
    monkeypatch.setattr(due, "KEY", f"plumbline:test:{uuid.uuid4()}")
    client = due._client(settings.REDIS_URL)
    yield client
    client.delete(due.KEY)


def test_what_is_due_is_handed_out_once_and_comes_back_when_its_lease_ends(
    manager, valkey, django_capture_on_commit_callbacks, monkeypatch
):
    policy = a_policy(manager, (["team"], 5), (["team"], 5))
    with commits(django_capture_on_commit_callbacks):
        open_incident(actor=manager, title="Down", severity="high")
    escalation = Escalation.objects.get(policy=policy)
    assert due.taken() == []
    later = escalation.due_at.timestamp() + 1
    monkeypatch.setattr(time, "time", lambda: later)
    assert [one.id for one in due.taken()] == [escalation.pk]
    assert due.taken() == []
    monkeypatch.setattr(time, "time", lambda: later + due.LEASE + 1)
    assert [one.id for one in due.taken()] == [escalation.pk]


def test_the_task_tells_the_step_and_forgets_who_is_not_there(manager, valkey, django_capture_on_commit_callbacks):
    a_policy(manager, (["team"], 5), (["team"], 5))
    with commits(django_capture_on_commit_callbacks):
        open_incident(actor=manager, title="Down", severity="high")
    escalation = Escalation.objects.get()
    Escalation.objects.filter(pk=escalation.pk).update(due_at=now())
    stranger = due.Due(uuid.uuid4(), "escalation", uuid.uuid4())
    valkey.zadd(due.KEY, {stranger.member: 1, due.Due(current_organization().pk, "escalation", escalation.pk).member: 1})
    with commits(django_capture_on_commit_callbacks):
        tasks.look()
    assert EscalationNotice.objects.filter(escalation=escalation, step=1).exists()
    escalation.refresh_from_db()
    left = dict(valkey.zrange(due.KEY, 0, -1, withscores=True))
    assert list(left.values()) == [escalation.due_at.timestamp()]


def test_the_tick_puts_back_what_valkey_has_lost(manager, valkey, django_capture_on_commit_callbacks):
    open_incident(actor=manager, title="Down", severity="critical")
    channels.send_test(a_webhook(manager, "https://hooks.example/x"), actor=manager)
    valkey.delete(due.KEY)
    with commits(django_capture_on_commit_callbacks):
        put_back(current_organization(), now())
    found = {member.split(":", 1)[1] for member in valkey.zrange(due.KEY, 0, -1)}
    assert found == {f"escalation:{Escalation.objects.get().pk}", f"delivery:{AlertDelivery.objects.get().pk}"}


def test_without_valkey_nothing_is_found_and_nothing_breaks(manager, settings, caplog, django_capture_on_commit_callbacks):
    settings.REDIS_URL = "unix:///nowhere/at-all.sock"
    assert due.taken() == []
    with commits(django_capture_on_commit_callbacks):
        open_incident(actor=manager, title="Down", severity="critical")
    assert Escalation.objects.exists()
    assert "could not be" in caplog.text
