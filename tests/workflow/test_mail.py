"""The outbox: exactly one message, sent at least once, readable without a mail server, sent again by an administrator."""

import datetime as dt
import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from celery.exceptions import Retry
from django.core import mail
from django.db import OperationalError, connections
from django.test import Client
from kombu.exceptions import OperationalError as QueueError

from accounts.models import Member
from audit.models import AuditEvent
from tenancy.models import Organization
from tenancy.scope import Scope, current_tenant_id, now
from tenancy.tasks import HEADER
from tests.conftest import commits
from ui.refusals import ActionRefused
from workflow.delivery import MAX_ATTEMPTS, deliver
from workflow.models import OutboxMessage
from workflow.outbox import forget_mail, queue_mail, send_again
from workflow.pruning import KEPT


@pytest.fixture
def server(settings: Any) -> None:
    """A mail server is set."""
    settings.PLUMBLINE_SENDS_MAIL = True


@pytest.fixture
def broken(server: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that refuses connections."""

    def refuse(self: object) -> int:
        raise ConnectionRefusedError("Connection refused")

    monkeypatch.setattr("django.core.mail.message.EmailMessage.send", refuse)


@pytest.fixture
def no_queue(server: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The broker cannot be reached, as Celery says it of every kind."""

    def fail(*args: object, **kwargs: object) -> None:
        raise QueueError("Error 2 connecting to a socket.")

    monkeypatch.setattr("celery.app.task.Task.apply_async", fail)


def message(to: str = "ada@acme.example", key: str = "one") -> OutboxMessage:
    queue_mail(to=to, subject="A subject", text="Read this: http://localhost:8000/o/acme/", key=key)
    return OutboxMessage.objects.get(key=key)


def send(acme: Organization) -> None:
    deliver.apply(headers={HEADER: str(acme.pk)})


def test_the_same_key_is_one_message(in_acme: Scope) -> None:
    assert queue_mail(to="a@acme.example", subject="One", text="1", key="same")
    assert not queue_mail(to="a@acme.example", subject="Two", text="2", key="same")
    assert OutboxMessage.objects.get().subject == "One"


def test_mail_leaves_right_after_the_commit(in_acme: Scope, server: None, django_capture_on_commit_callbacks: Any) -> None:
    with commits(django_capture_on_commit_callbacks):
        message()
    assert [sent.subject for sent in mail.outbox] == ["A subject"]
    assert OutboxMessage.objects.get().status == "sent"


def test_what_is_committed_is_done_where_the_queue_cannot_be_reached(
    in_acme: Scope, no_queue: None, acme: Organization, django_capture_on_commit_callbacks: Any, caplog: pytest.LogCaptureFixture
) -> None:
    with commits(django_capture_on_commit_callbacks):
        message()
    assert "workflow.delivery.deliver could not be queued." in caplog.text
    assert OutboxMessage.objects.get().status == "queued"
    send(acme)
    assert OutboxMessage.objects.get().status == "sent"


@pytest.fixture
def tried(server: None, monkeypatch: pytest.MonkeyPatch) -> list[UUID]:
    """For which organizations the delivery was tried; the first loses its connection."""
    found: list[UUID] = []

    def fail_once(*args: object) -> bool:
        found.append(current_tenant_id())
        if len(found) == 1:
            raise OperationalError("the connection is closed")
        return False

    monkeypatch.setattr("workflow.delivery._send_next", fail_once)
    return found


def test_a_task_comes_again_where_the_database_was_gone(
    acme: Organization, in_acme: Scope, tried: list[UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections["default"], "is_usable", lambda: False)
    with pytest.raises(Retry) as later:
        send(acme)
    again: Any = later.value
    assert again.sig.options["countdown"] == 1
    again.sig.apply()
    assert tried == [acme.pk, acme.pk]


def test_a_task_that_the_database_refused_does_not(acme: Organization, in_acme: Scope, tried: list[UUID]) -> None:
    with pytest.raises(OperationalError):
        send(acme)
    assert tried == [acme.pk]


def test_each_attempt_has_the_same_message_id(acme: Organization, in_acme: Scope, server: None) -> None:
    written = message()
    send(acme)
    assert mail.outbox[0].extra_headers["Message-ID"] == written.message_id


def test_without_a_mail_server_it_is_kept(acme: Organization, in_acme: Scope) -> None:
    message()
    send(acme)
    assert OutboxMessage.objects.get().status == "kept"
    assert mail.outbox == []


def test_a_server_that_is_down_is_tried_again_and_given_up_after_a_while(
    acme: Organization, in_acme: Scope, broken: None
) -> None:
    message()
    for attempt in range(1, MAX_ATTEMPTS + 1):
        send(acme)
        found = OutboxMessage.objects.get()
        assert (found.attempts, found.error) == (attempt, "Connection refused")
    assert found.status == "failed"


def test_one_that_fails_does_not_hold_up_the_next(
    acme: Organization, in_acme: Scope, server: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    message("refused@acme.example", "first")
    message("fine@acme.example", "second")
    plain = mail.EmailMessage.send

    def choosy(self: mail.EmailMessage, **options: Any) -> int:
        if "refused@acme.example" in self.to:
            raise ConnectionRefusedError("no")
        return plain(self, **options)

    monkeypatch.setattr("django.core.mail.message.EmailMessage.send", choosy)
    send(acme)
    assert dict(OutboxMessage.objects.values_list("key", "status")) == {"first": "queued", "second": "sent"}


def test_an_administrator_has_a_failed_message_sent_again(
    in_acme: Scope, server: None, administrator: Member, client_of: Callable[[Member], Client]
) -> None:
    failed = message()
    OutboxMessage.objects.filter(pk=failed.pk).update(status="failed", attempts=8, error="down")
    answer = client_of(administrator).post(f"/o/acme/work/mail/{failed.pk}/send/")
    assert answer.status_code == 302
    assert OutboxMessage.objects.get().status == "queued"
    assert AuditEvent.objects.get(verb="mail.send_again").object_id == failed.pk


def test_what_was_sent_is_not_sent_again(in_acme: Scope, server: None, administrator: Member) -> None:
    sent = message()
    OutboxMessage.objects.filter(pk=sent.pk).update(status="sent")
    with pytest.raises(ActionRefused, match="sent already"):
        send_again(sent, actor=administrator)


def test_without_a_mail_server_nothing_is_sent_again(in_acme: Scope, administrator: Member) -> None:
    with pytest.raises(ActionRefused, match="No mail server"):
        send_again(message(), actor=administrator)


def test_the_list_says_that_there_is_no_mail_server(
    in_acme: Scope, administrator: Member, client_of: Callable[[Member], Client]
) -> None:
    written = message()
    OutboxMessage.objects.filter(pk=written.pk).update(status="kept")
    client = client_of(administrator)
    listed = client.get("/o/acme/work/mail/").content.decode()
    assert "No mail server is set" in listed
    assert "ada@acme.example" in listed
    read = client.get(f"/o/acme/work/mail/{written.pk}/").content.decode()
    assert "Read this" in read
    assert "Send again" not in read


def test_mail_is_read_by_administrators_only(in_acme: Scope, manager: Member, client_of: Callable[[Member], Client]) -> None:
    assert client_of(manager).get("/o/acme/work/mail/").status_code == 403


def test_bulk_sends_what_failed_and_says_what_it_left(
    in_acme: Scope, server: None, administrator: Member, client_of: Callable[[Member], Client]
) -> None:
    failed, sent = message(key="failed"), message(key="sent")
    OutboxMessage.objects.filter(pk=failed.pk).update(status="failed")
    OutboxMessage.objects.filter(pk=sent.pk).update(status="sent")
    answer = (
        client_of(administrator)
        .post("/o/acme/work/mail/", {"action": "send", "selected": [str(failed.pk), str(sent.pk)]})
        .content.decode()
    )
    assert "1 done, 1 refused" in answer
    assert OutboxMessage.objects.get(key="failed").status == "queued"


def test_a_name_of_two_lines_stays_in_the_subjects_line(in_acme: Scope) -> None:
    queue_mail(to="ada@acme.example", subject="Okta\r\nBcc: eve@evil.example: 1 removal", text="Text", key="one")
    assert OutboxMessage.objects.get().subject == "Okta Bcc: eve@evil.example: 1 removal"
    queue_mail(to="ada@acme.example", subject="long " * 100, text="Text", key="two")
    assert len(OutboxMessage.objects.get(key="two").subject) <= 200


def test_a_message_that_cannot_be_written_does_not_hold_up_the_others(acme: Organization, in_acme: Scope, server: None) -> None:
    OutboxMessage.objects.create(key="bad", to="ada@acme.example", subject="One\nBcc: eve@evil.example", text="Text")
    message(key="good")
    send(acme)
    assert dict(OutboxMessage.objects.values_list("key", "status")) == {"bad": "failed", "good": "sent"}


def test_old_mail_is_taken_out_of_the_log_with_one_event(acme: Organization, in_acme: Scope) -> None:
    old, waiting, young = (message(key=key) for key in ("old", "waiting", "young"))
    OutboxMessage.objects.exclude(pk=young.pk).update(created_at=now() - KEPT - dt.timedelta(days=1))
    OutboxMessage.objects.exclude(pk=waiting.pk).update(status="sent")
    for _ in range(2):
        forget_mail(acme, now())
    assert set(OutboxMessage.objects.values_list("key", flat=True)) == {"waiting", "young"}
    (event,) = AuditEvent.objects.filter(verb="mail.prune")
    assert (event.object_id, json.loads(event.body)["metadata"]["messages"]) == (acme.pk, 1)
    assert queue_mail(to=old.to, subject="Anew", text="Anew", key="old")
