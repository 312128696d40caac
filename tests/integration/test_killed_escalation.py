"""A worker process is killed in the middle of a step of an escalation: the next one tells everybody, and each once."""

import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from django.db import connection, connections, transaction

from audit.models import AuditEvent
from incidents import tasks
from incidents.models import Escalation, EscalationNotice
from incidents.oncall import due
from incidents.oncall.periodic import put_back
from incidents.reporting.actions import open_incident
from tenancy.models import Organization
from tenancy.scope import now, tenant
from tests.cast import Cast
from tests.incidents.oncall.making import a_policy
from tests.workers import worker
from workflow.models import OutboxMessage

pytestmark = [pytest.mark.integration, pytest.mark.slow]
PATIENCE = 30  # seconds
_WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


def wait_for(is_so: Callable[[], Any]) -> None:
    """Until it is so."""
    end = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.05)


@contextmanager
def in_the_way(organization: Organization, key: str) -> Iterator[None]:
    """Somebody has written the mail of this key and has not committed: whoever is to write it waits. It is rolled back."""
    written, over = Event(), Event()

    def write() -> None:
        try:
            with tenant(organization):
                OutboxMessage.objects.create(to="nobody@acme.example", subject="x", text="x", key=key)
                written.set()
                over.wait(PATIENCE)
                transaction.set_rollback(True)
        finally:
            connections.close_all()

    writing = Thread(target=write)
    writing.start()
    assert written.wait(PATIENCE)
    try:
        yield
    finally:
        over.set()
        writing.join()


def somebody_waits() -> bool:
    """Whether a connection to this test's database waits for another."""
    with connection.cursor() as cursor:
        cursor.execute(_WAITING)
        return bool(cursor.fetchone()[0])


def look(organization: Organization) -> None:
    """As the tick and the look of every ten seconds do."""
    with tenant(organization):
        put_back(organization, now())
    tasks.look()


def test_a_worker_is_killed_while_it_tells_a_step(committed_db: None, settings: Any, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(due, "KEY", f"plumbline:test:{uuid.uuid4()}")
    cast, data = Cast(), tmp_path / "data"
    people = [cast.manager, cast.administrator, cast.approver]
    acme = cast.manager.organization
    with tenant(acme):
        a_policy(cast.manager, ([f"member:{people[0].pk}"], 5), ([f"member:{one.pk}" for one in people], 10))
        open_incident(actor=cast.manager, title="Orders are lost", severity="high")
        Escalation.objects.update(due_at=now())
        escalation = Escalation.objects.get()
    second = EscalationNotice.objects.filter(escalation=escalation, step=1)

    with in_the_way(acme, f"escalation:{escalation.pk}:0:1:member:{people[1].pk}"), worker(settings, data) as process:
        look(acme)
        wait_for(somebody_waits)  # the first of three is told, the second is being told
        process.kill()
        assert process.wait(PATIENCE) == -9
    with tenant(acme):
        assert not second.exists()

    monkeypatch.setattr(due, "LEASE", 0)  # what the killed one had taken comes back
    with worker(settings, data):
        for _ in range(3):
            look(acme)
        wait_for(lambda: (data / "worker.log").read_text(errors="replace").count("advance_one[") >= 6)  # received, and done
    with tenant(acme):
        assert {notice.member for notice in second} == set(people)
        mails = OutboxMessage.objects.filter(key__startswith=f"escalation:{escalation.pk}:")
        assert [mails.filter(to=one.email).count() for one in people] == [2, 1, 1]
        assert AuditEvent.objects.filter(object_id=escalation.pk, verb="escalation.tell").count() == 2
    due._client(settings.REDIS_URL).delete(due.KEY)
