"""E-mail: recorded exactly once in the transaction, delivered at least once by a worker."""

import datetime as dt

from django.conf import settings
from django.db.models import QuerySet

from audit.actions import action
from audit.actors import Actor
from audit.record import record
from tenancy.models import Organization
from ui.refusals import ActionRefused
from workflow.delivery import deliver
from workflow.models import OutboxMessage
from workflow.pruning import prune

KIND = "mail"  # as workflow.retention calls them
SUBJECT_LENGTH = 200


def queue_mail(*, to: str, subject: str, text: str, key: str) -> bool:
    """Write an e-mail into the outbox unless one with this key is there; True if it is new.

    It leaves right after the commit; the tick sends what stays behind. A name in the subject cannot break its line.
    """
    line = " ".join(subject.split())[:SUBJECT_LENGTH]
    _, created = OutboxMessage.objects.get_or_create(key=key, defaults={"to": to, "subject": line, "text": text})
    if created:
        deliver.delay_on_commit()
    return created


@action
def send_again(message: OutboxMessage, *, actor: Actor) -> None:
    """Let a message that failed, or was kept for want of a mail server, wait to be sent once more. Raises ActionRefused."""
    if not settings.PLUMBLINE_SENDS_MAIL:
        raise ActionRefused("No mail server is set: messages are kept here to be read.")
    locked = OutboxMessage.objects.select_for_update(of=("self",)).get(pk=message.pk)
    if not locked.may_go_again:
        raise ActionRefused(f"This message is {locked.get_status_display().lower()} already.")
    OutboxMessage.objects.filter(pk=message.pk).update(status=OutboxMessage.Status.QUEUED, attempts=0, error="")
    record("mail.send_again", locked, actor=actor, before={"status": locked.status}, after={"status": "queued"})
    deliver.delay_on_commit()


def forget_mail(_organization: Organization, at: dt.datetime) -> None:
    """Take mails that are not waiting and more than 400 days old out of the log, with one event."""
    prune(
        over(), kind=KIND, written="created_at", of="tenant", owners=Organization.objects.all(),
        verb="mail.prune", what="messages", at=at,
    )  # fmt: skip


def over() -> QuerySet[OutboxMessage]:
    """The mails that are not waiting any more."""
    return OutboxMessage.objects.exclude(status=OutboxMessage.Status.QUEUED)
