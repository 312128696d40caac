"""What other systems send, in a form of our own or as Prometheus Alertmanager does (webhook, version 4), as alerts."""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.dateparse import parse_datetime

from incidents.models import Kind
from incidents.models.severity import severity_of
from ui.moments import EARLIEST, LATEST

MOST = 200  # alerts in one request
LABELS, LONG = 40, 200
FIELDS = frozenset({
    "title", "severity", "status", "source", "fingerprint", "description", "kind", "started_at", "url", "labels",
})  # fmt: skip
_FIRING = {"firing": True, "resolved": False}


class NotRead(ValueError):
    """What was sent is no alert; `place` is the path to what is wrong."""

    def __init__(self, sentence: str, *place: object) -> None:
        super().__init__(sentence)
        self.place = place


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert, whoever sent it."""

    title: str
    source: str
    fingerprint: str  # SHA-256 over the source and what the sender calls it by
    severity: str
    said: str  # the severity in the sender's own word
    firing: bool = True
    kind: str = Kind.AVAILABILITY
    description: str = ""
    started_at: dt.datetime | None = None
    labels: dict[str, str] = field(default_factory=dict)


def read(data: Any, *, source: str) -> list[Alert]:
    """The alerts of a request; `source` is who sends unless it says so. Raises NotRead."""
    if not isinstance(data, Mapping):
        raise NotRead("Send a JSON object.")
    if "alerts" not in data:
        return [_own(data, source, ())]
    items = data["alerts"]
    if not isinstance(items, list) or not 1 <= len(items) <= MOST:
        raise NotRead(f"Send from 1 to {MOST} alerts.", "alerts")
    named = _text(data.get("source"), LONG // 2) or source
    if "groupLabels" in data or "commonLabels" in data or "receiver" in data:
        return [_alertmanagers(one, named, data, ("alerts", n)) for n, one in enumerate(items)]
    return [_own(one, named, ("alerts", n)) for n, one in enumerate(items)]


def _own(data: Any, source: str, place: tuple[object, ...]) -> Alert:
    if not isinstance(data, Mapping):
        raise NotRead("An alert is a JSON object.", *place)
    for name in data:
        if name not in FIELDS:
            raise NotRead("There is no such field.", *place, str(name)[:60])
    title = _text(data.get("title"), LONG)
    if not title:
        raise NotRead("Say what the alert is: a title.", *place, "title")
    firing = _fires(data.get("status", "firing"), *place)
    kind = data.get("kind", Kind.AVAILABILITY.value)
    if kind not in Kind.values:
        raise NotRead(f"Say one of {', '.join(Kind.values)}.", *place, "kind")
    named, said = _text(data.get("source"), LONG // 2) or source, _text(data.get("severity"), 40)
    labels = _labels(data.get("labels"))
    url = _text(data.get("url"), 500)
    description = "\n".join(part for part in (_text(data.get("description"), 10_000, lines=True), url) if part)
    return Alert(
        title, named, _digest(named, _text(data.get("fingerprint"), 500) or [title, labels]), severity_of(said), said,
        firing=firing, kind=kind, description=description, labels=labels,
        started_at=_moment(data.get("started_at"), *place, "started_at"),
    )  # fmt: skip


def _alertmanagers(data: Any, source: str, group: Mapping[str, Any], place: tuple[object, ...]) -> Alert:
    if not isinstance(data, Mapping):
        raise NotRead("An alert is a JSON object.", *place)
    labels = _labels(data.get("labels")) or _labels(group.get("commonLabels"))
    notes = _labels(data.get("annotations")) or _labels(group.get("commonAnnotations"))
    firing = _fires(data.get("status", group.get("status", "firing")), *place)
    name = labels.get("alertname", "")
    title = _text(notes.get("summary") or notes.get("title") or " ".join([name, labels.get("instance", "")]), LONG)
    if not title:
        raise NotRead("It has neither an annotation summary nor a label alertname.", *place, "labels")
    about = (notes.get("description") or notes.get("message"), notes.get("runbook_url"), data.get("generatorURL"))
    said = labels.get("severity", "")
    return Alert(
        title, source, _digest(source, _text(data.get("fingerprint"), 500) or labels), severity_of(said), said[:40],
        firing=firing, kind=labels["kind"] if labels.get("kind") in Kind.values else Kind.AVAILABILITY,
        description="\n".join(_text(part, 5_000, lines=True) for part in about if part), labels=labels,
        started_at=_moment(data.get("startsAt"), *place, "startsAt"),
    )  # fmt: skip


def _fires(status: Any, *place: object) -> bool:
    if not isinstance(status, str) or status not in _FIRING:
        raise NotRead("Say firing or resolved.", *place, "status")
    return _FIRING[status]


def _digest(source: str, what: object) -> str:
    return hashlib.sha256(json.dumps([source, what], sort_keys=True, ensure_ascii=False).encode("utf-8", "replace")).hexdigest()


def _text(value: Any, longest: int, *, lines: bool = False) -> str:
    """A text that fits: no sign that a database or a mail refuses, no line breaks unless they may be."""
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        return ""
    kept = "".join(sign for sign in str(value) if sign.isprintable() or sign in "\n\t")
    return (kept if lines else " ".join(kept.split())).strip()[:longest]


def _labels(value: Any) -> dict[str, str]:
    if not isinstance(value, Mapping):
        return {}
    pairs = list(value.items())[:LABELS]
    return {_text(name, 100): _text(said, 2_000) for name, said in pairs if _text(name, 100)}


def _moment(value: Any, *place: object) -> dt.datetime | None:
    """An instant with its zone; the year 1 is how Alertmanager writes none, and no zone shows the year 9999. Raises NotRead."""
    if not value:
        return None
    try:
        found = parse_datetime(str(value))
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise NotRead("Write an instant with its zone, such as 2026-03-01T09:30:00Z.", *place)
    return found.astimezone(dt.UTC) if EARLIEST <= found.year <= LATEST else None
