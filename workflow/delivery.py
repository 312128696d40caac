"""Sending what waits in the outbox: at least once, by a worker."""

import smtplib
import uuid

from celery import shared_task
from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from tenancy.models import current_organization
from tenancy.scope import now
from tenancy.tasks import TenantTask
from workflow.models import OutboxMessage

MAX_ATTEMPTS = 8
BATCH = 200
SECONDS = 20


@shared_task(base=TenantTask, bind=True, ignore_result=True)
def deliver(self: TenantTask) -> None:
    """Send the organization's waiting mail, a message at a time: each in a scope of its own, so that none is sent twice
    because a later one stopped the worker. Without EMAIL_URL it is kept for an administrator to read, and so is an example's,
    whose people do not exist.
    """
    tried: set[uuid.UUID] = set()
    with self.scope():
        if not settings.PLUMBLINE_SENDS_MAIL or current_organization().is_example:
            _keep_waiting()
            return
    more = True
    while more and len(tried) < BATCH:
        with self.scope():
            more = _send_next(tried)


def _keep_waiting() -> None:
    OutboxMessage.objects.filter(status=OutboxMessage.Status.QUEUED).update(status=OutboxMessage.Status.KEPT)


def _send_next(tried: set[uuid.UUID]) -> bool:
    """Try the oldest message that waits and is not in `tried`, and add it there; False when there is none."""
    waiting = OutboxMessage.objects.select_for_update(skip_locked=True).filter(status=OutboxMessage.Status.QUEUED)
    message = waiting.exclude(pk__in=tried).order_by("created_at", "pk").first()
    if message is None:
        return False
    tried.add(message.pk)
    _send(message)
    return True


def _send(message: OutboxMessage) -> None:
    headers = {"Message-ID": message.message_id}
    connection = get_connection(timeout=SECONDS)
    mail = EmailMessage(message.subject, message.text, to=[message.to], headers=headers, connection=connection)
    attempts = message.attempts + 1
    try:
        mail.send()
    except (smtplib.SMTPException, OSError, ValueError) as error:
        # A ValueError: the message itself cannot be written, such as for its address. It must not hold up the others.
        failed = attempts >= MAX_ATTEMPTS or isinstance(error, ValueError)
        status = OutboxMessage.Status.FAILED if failed else OutboxMessage.Status.QUEUED
        _note(message, attempts=attempts, error=str(error)[:300], status=status)
        return
    _note(message, attempts=attempts, error="", status=OutboxMessage.Status.SENT, sent_at=now())


def _note(message: OutboxMessage, **changes: object) -> None:
    OutboxMessage.objects.filter(pk=message.pk).update(**changes)
