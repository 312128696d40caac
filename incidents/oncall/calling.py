"""Calling webhooks: written in the transaction, sent by a worker, tried again for a day, each try kept.

At least once: a receiver that sees the same X-Plumbline-Delivery twice has it already. The signature is the
HMAC-SHA256 of "<timestamp>.<body>" by the channel's secret, in hexadecimal.
"""

import datetime as dt
import hashlib
import hmac
import json
import uuid
from typing import Any

from celery import shared_task

from accounts.sealing import SealingError
from audit.actions import action
from audit.actors import Actor
from audit.record import record
from incidents.models import AlertChannel, AlertDelivery, Incident
from incidents.models.oncall import RUN
from incidents.models.severity import NOT_STATED_WORDS
from incidents.oncall import due
from incidents.oncall.secrets import opened
from tenancy.models import current_organization
from tenancy.scope import now
from tenancy.tasks import TenantTask
from ui.refusals import ActionRefused
from workflow.outgoing.client import Fetched, fetch
from workflow.outgoing.errors import OutgoingError
from workflow.outgoing.hosts import allowed_hosts

KIND = "delivery"
WAITS = tuple(dt.timedelta(seconds=seconds) for seconds in (10, 30, 120, 600, 1800, 3600, 3 * 3600, 6 * 3600, 12 * 3600))
SECONDS = 10.0
_KEPT = 2_000  # bytes of an answer that are read


def call(
    channel: AlertChannel, *, event: str, facts: dict[str, Any], key: str, incident: Incident | None = None
) -> AlertDelivery | None:
    """Write a delivery, unless one with this key is there; it leaves right after the commit. Part of a caller's action."""
    moment = now()
    body = json.dumps(body_of(channel, event, facts, moment), ensure_ascii=False, sort_keys=True)
    state = AlertDelivery.State.KEPT if current_organization().is_example else AlertDelivery.State.WAITING
    facts = {"channel": channel, "event": event, "incident": incident, "body": body, "state": state}
    delivery, new = AlertDelivery.objects.get_or_create(
        key=key[:200], defaults={**facts, "next_at": moment, "created_at": moment}
    )
    if new and state == AlertDelivery.State.WAITING:
        due.put(KIND, delivery.pk, moment)
        deliver_one.delay_on_commit(str(delivery.pk))
    return delivery if new else None


def body_of(channel: AlertChannel, event: str, facts: dict[str, Any], at: dt.datetime) -> dict[str, Any]:
    """What is sent, in the channel's format."""
    if channel.kind == AlertChannel.Kind.SLACK:
        grave = facts.get("severity", "test").capitalize() if facts.get("severity_stated", True) else NOT_STATED_WORDS
        head = f"{grave}: {facts.get('incident', '')} {facts['title']}".replace("  ", " ")
        text = _plain(head)
        link = f"<{facts['url']}|Open it>" if "url" in facts else ""
        return {"text": text, "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": f"*{text}*\n{link}".strip()}}]}
    return {"event": event, "organization": current_organization().slug, "at": at.isoformat(), **facts}


def _plain(text: str) -> str:
    """Slack's three signs that mean something, escaped as it asks."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def signature(secret: str, timestamp: str, body: str) -> str:
    """What the receiver works out likewise."""
    return hmac.new(secret.encode(), f"{timestamp}.{body}".encode(), hashlib.sha256).hexdigest()


@shared_task(base=TenantTask, bind=True, ignore_result=True)
def deliver_one(self: TenantTask, delivery_id: str) -> None:
    """Try one delivery."""
    with self.scope():
        attempt(uuid.UUID(delivery_id), now())


def attempt(key: uuid.UUID, at: dt.datetime) -> bool:
    """Try a delivery if it is due; whether it was. The caller has entered the organization's scope, for this one alone."""
    waiting = AlertDelivery.objects.filter(pk=key, state=AlertDelivery.State.WAITING)
    if not waiting.exists():
        due.put(KIND, key, None)
        return False
    delivery = waiting.select_for_update(of=("self",), skip_locked=True).select_related("channel").first()
    if delivery is None:
        return False  # another worker has it
    if delivery.next_at > at:
        due.put(KIND, delivery.pk, delivery.next_at)
        return False
    _note(delivery, _tried(delivery, at), at)
    return True


def _tried(delivery: AlertDelivery, at: dt.datetime) -> dict[str, Any]:
    """One try, as it is kept."""
    try:
        answer = _send(delivery, str(int(at.timestamp())))
    except (OutgoingError, SealingError) as error:
        return {"at": at.isoformat(), "status": None, "error": str(error)[:300]}
    said = "".join(sign for sign in answer.text[:120] if sign.isprintable())  # no NUL: the row could not be saved
    why = "" if answer.is_success else f"Answered {answer.status}: {said}".strip(": ")
    return {"at": at.isoformat(), "status": answer.status, "error": why, "seconds": round(answer.seconds, 3)}


def _send(delivery: AlertDelivery, timestamp: str) -> Fetched:
    channel = delivery.channel
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "X-Plumbline-Event": delivery.event,
        "X-Plumbline-Delivery": str(delivery.pk),
        "X-Plumbline-Timestamp": timestamp,
        "X-Plumbline-Signature": f"sha256={signature(opened(channel, 'secret'), timestamp, delivery.body)}",
    }
    return fetch(
        opened(channel, "url"), method="POST", headers=headers, content=delivery.body.encode(), allowed=allowed_hosts(),
        seconds=SECONDS, max_bytes=_KEPT,
    )  # fmt: skip


def _note(delivery: AlertDelivery, tried: dict[str, Any], at: dt.datetime) -> None:
    tries = [*delivery.tries, tried]
    fields: dict[str, Any] = {"tries": tries}
    since = len(tries) % (len(WAITS) + 1)  # a delivery that is sent again has all its tries again
    if not tried["error"]:
        fields |= {"state": AlertDelivery.State.DELIVERED, "delivered_at": at}
    elif since == 0 or delivery.channel.status != AlertChannel.Status.ACTIVE:
        fields |= {"state": AlertDelivery.State.FAILED}
    else:
        fields |= {"next_at": at + WAITS[since - 1]}
    AlertDelivery.objects.filter(pk=delivery.pk).update(**fields)
    due.put(KIND, delivery.pk, fields.get("next_at"))


@action
def send_again(delivery: AlertDelivery, *, actor: Actor) -> None:
    """Try one once more that was given up. Raises ActionRefused."""
    if not actor.can(RUN):
        raise ActionRefused("Your role does not allow this.")
    locked = AlertDelivery.objects.select_for_update(of=("self",)).select_related("channel").get(pk=delivery.pk)
    if locked.state != AlertDelivery.State.FAILED:
        raise ActionRefused(f"It is {locked.get_state_display().partition(':')[0].lower()}: it is not sent again.")
    if locked.channel.status != AlertChannel.Status.ACTIVE:
        raise ActionRefused("Its channel is retired: put that back into use first.")
    AlertDelivery.objects.filter(pk=locked.pk).update(state=AlertDelivery.State.WAITING, next_at=now())
    record("alert_delivery.send_again", locked, actor=actor, after={"channel": locked.channel.name})
    due.put(KIND, locked.pk, now())
    deliver_one.delay_on_commit(str(locked.pk))
