"""E-mail: recorded exactly once in the transaction, delivered at least once by a worker."""

import smtplib

from django.conf import settings
from django.core.mail import EmailMessage

from tenancy.scope import now
from workflow.models import OutboxMessage

MAX_ATTEMPTS = 8
BATCH = 100


def queue_mail(*, to: str, subject: str, text: str, key: str) -> bool:
    """Write an e-mail into the outbox unless one with this key is there; True if it is new."""
    _, created = OutboxMessage.objects.get_or_create(key=key, defaults={"to": to, "subject": subject, "text": text})
    return created


def send_waiting() -> int:
    """Send what waits in the active organization, oldest first; returns how many were sent.

    Call in a scope of its own. Without EMAIL_URL the messages are kept for an administrator to read.
    """
    waiting = OutboxMessage.objects.select_for_update(skip_locked=True).filter(status=OutboxMessage.Status.QUEUED)
    if not settings.PLUMBLINE_SENDS_MAIL:
        waiting.update(status=OutboxMessage.Status.KEPT)
        return 0
    return sum(_send(message) for message in waiting.order_by("created_at")[:BATCH])


def _send(message: OutboxMessage) -> bool:
    mail = EmailMessage(message.subject, message.text, to=[message.to], headers={"Message-ID": message.message_id})
    attempts = message.attempts + 1
    try:
        mail.send()
    except (smtplib.SMTPException, OSError) as error:
        failed = attempts >= MAX_ATTEMPTS
        status = OutboxMessage.Status.FAILED if failed else OutboxMessage.Status.QUEUED
        _note(message, attempts=attempts, error=str(error)[:300], status=status)
        return False
    _note(message, attempts=attempts, error="", status=OutboxMessage.Status.SENT, sent_at=now())
    return True


def _note(message: OutboxMessage, **changes: object) -> None:
    OutboxMessage.objects.filter(pk=message.pk).update(**changes)
