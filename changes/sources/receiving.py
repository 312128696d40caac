"""A delivery whose signature is right: done once, and logged."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from django.db import IntegrityError, transaction
from django.db.models import F, Q

from audit.actors import System
from changes.models import ChangeSource, Delivery, Provider
from changes.sources import github, gitlab
from changes.sources.applying import Applied, apply, way_of
from changes.sources.facts import Told, Unreadable
from changes.sources.pruning import refuse_forgotten
from changes.sources.signatures import Shown
from tenancy.scope import now
from ui.refusals import ActionRefused

FORM = "application/x-www-form-urlencoded"  # what GitHub sends unless JSON is chosen
AGAIN = "This delivery was received before: nothing is done twice."


@dataclass(frozen=True, slots=True)
class Received:
    """The answer to a delivery."""

    status: int
    outcome: str
    detail: str


def receive(source: ChangeSource, shown: Shown, body: bytes, content_type: str) -> Received:
    """Do what it says and log it; one that was received before is refused. Part of the endpoint's transaction."""
    digest = hashlib.sha256(body).hexdigest()
    sent: dict[str, Any] = {"key": shown.key[:100] or digest, "digest": digest, "size": len(body)}
    if _repeat(source, sent["key"], digest):
        return Received(409, "repeated", AGAIN)
    told, status = Told(shown.event[:60]), 202
    try:
        told = _read(source, shown, body, content_type)
        refuse_forgotten(told, source)
        applied = apply(told, way_of(source, System(Provider(source.provider).label)))
    except Unreadable as error:
        applied, status = Applied("failed", str(error)), 422
    except ActionRefused as refusal:
        applied = Applied("failed", refusal.sentence)
    _log(source, told, applied, sent)
    return Received(status, applied.outcome, applied.detail)


class Repeated(Exception):
    """The same delivery was being done at the same time: what this one did is rolled back."""


def _repeat(source: ChangeSource, key: str, digest: str) -> bool:
    """Whether it was done before, by its id or, since the id is not signed, by its body; noted where it was."""
    same = Delivery.objects.filter(Q(key=key) | Q(digest=digest), source=source).exclude(outcome=Delivery.Outcome.FAILED)
    return bool(same.update(repeats=F("repeats") + 1, repeated_at=now()))


def _read(source: ChangeSource, shown: Shown, body: bytes, content_type: str) -> Told:
    payload = _payload(body, content_type)
    if source.provider == Provider.GITHUB:
        return github.read(shown.event[:60], payload)
    return gitlab.read(shown.event[:60], payload, shown.sent_at)


def _payload(body: bytes, content_type: str) -> object:
    """The JSON, bare or in a form's field. Raises Unreadable."""
    try:
        text = body.decode()
        if content_type == FORM:
            text = parse_qs(text, strict_parsing=True, max_num_fields=5)["payload"][0]
        found: object = json.loads(text)
    except (ValueError, KeyError, RecursionError):
        raise Unreadable("It is not JSON.") from None
    return found


def _log(source: ChangeSource, told: Told, applied: Applied, sent: dict[str, Any]) -> None:
    """Keep it. Of two at once the database lets one through. Raises Repeated."""
    row = Delivery(
        source=source,
        event=told.event[:60] or "unnamed",
        act=told.action[:40],
        repository=told.repository,
        change=applied.change,
        outcome=applied.outcome,
        detail=applied.detail[:500],
        received_at=now(),
        **sent,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise Repeated from None
    ChangeSource.objects.filter(pk=source.pk).update(delivered_at=row.received_at)
