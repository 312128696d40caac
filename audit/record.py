"""Writing to the audit trail, in the transaction of what is recorded."""

import datetime as dt
import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models

from audit.actors import Actor, current_origin
from audit.forwarding import forward
from audit.models import AuditEvent
from tenancy.ids import uuid7
from tenancy.measuring import plan_anew
from tenancy.scope import HasSlug, current_scope, event_instant, tenant
from ui.refusals import ActionRefused

NAME_LENGTH = 300
PAYLOAD_LIMIT = 64 * 1024
_COLUMNS = (
    "id",
    "tenant_id",
    "at",
    "body",
    "verb",
    "result",
    "actor_id",
    "actor_name",
    "object_kind",
    "object_id",
    "object_name",
)
_BODY = _COLUMNS.index("body")


@dataclass(frozen=True, slots=True)
class Entry:
    """One event of a bulk action: its object, and what changed on it."""

    object_kind: str
    object_id: uuid.UUID | None
    object_name: str
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)


MANY = 1000  # events that make a kept plan of the checks on them worth making anew


def canonical(data: object) -> str:
    """Canonical JSON: sorted keys, no white space, UTF-8 as it is; dates and UUIDs as Django writes them."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False, cls=DjangoJSONEncoder)


def record(
    verb: str,
    subject: models.Model,
    *,
    actor: Actor,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    metadata: Mapping[str, Any] | None = None,
    note: str = "",
    result: str = "success",
) -> AuditEvent:
    """Add one event about `subject` to the active organization's trail; raises NoTenant outside a scope."""
    entry = Entry(subject._meta.label_lower, subject.pk, _called(subject), before, after, _with_note(metadata, note))
    row = _row(verb, entry, actor, result)
    current_scope().events += 1
    event = AuditEvent(**dict(zip(_COLUMNS, row, strict=True)))
    _insert([row])
    return event


def record_many(verb: str, *, actor: Actor, entries: Iterable[Entry]) -> int:
    """Add one event for each entry, by COPY; returns how many."""
    rows = [_row(verb, entry, actor, "success") for entry in entries]
    if rows:
        current_scope().events += len(rows)
        _copy(rows)
    return len(rows)


def record_failure(
    verb: str,
    *,
    organization: HasSlug,
    actor: Actor | None,
    subject: models.Model | None = None,
    metadata: Mapping[str, Any] | None = None,
) -> None:
    """Record a denial, a refusal or a failed attempt, in a scope of its own that outlives the act's rollback."""
    with tenant(organization):
        kind, key, name = (subject._meta.label_lower, subject.pk, _called(subject)) if subject else ("", None, "")
        entry = Entry(kind, key, name, metadata=metadata or {})
        _insert([_row(verb, entry, actor, "failure")])


def _called(subject: models.Model) -> str:
    """What the trail calls a record, which nobody can change later: its `trail_name` where its own name is about a person."""
    return str(getattr(subject, "trail_name", subject))


def _with_note(metadata: Mapping[str, Any] | None, note: str) -> dict[str, Any]:
    return {**(metadata or {}), **({"note": note} if note else {})}


def _row(verb: str, entry: Entry, actor: Actor | None, result: str) -> tuple[Any, ...]:
    """The columns of one event; its body holds them all, and more."""
    at: dt.datetime = event_instant()
    scope = current_scope()
    key = uuid7()
    name = _clean(entry.object_name)[:NAME_LENGTH]
    who = _clean(actor.name or actor.email) if actor else ""
    origin = current_origin()
    body = {
        "id": str(key),
        "organization": str(scope.tenant_id),
        "at": at.isoformat(),
        "verb": verb,
        "result": result,
        "actor": {
            "id": str(actor.id) if actor and actor.id else None,
            "name": who,
            "email": actor.email if actor else "",
            "roles": list(actor.role_names) if actor else [],
            "ip": origin.ip,
            "user_agent": _clean(origin.user_agent)[:300],
            **({"token": origin.token} if origin.token else {}),
        },
        "object": {"kind": entry.object_kind, "id": str(entry.object_id) if entry.object_id is not None else None, "name": name},
        "before": entry.before,
        "after": entry.after,
        "metadata": entry.metadata,
    }
    text = _clean(canonical(body))
    if len(text.encode()) > PAYLOAD_LIMIT:
        raise ActionRefused("This is more text than the audit trail can hold of one change. Shorten it, or change less at once.")
    actor_id = actor.id if actor else None
    return (key, scope.tenant_id, at, text, verb, result, actor_id, who, entry.object_kind, entry.object_id, name)


def _clean(text: str) -> str:
    """Text that PostgreSQL can store: no NUL, no lone surrogate."""
    return text.replace("\x00", "").replace("\\u0000", "").encode("utf-8", "replace").decode()


def _insert(rows: list[tuple[Any, ...]]) -> None:
    forward(row[_BODY] for row in rows)
    columns, marks = ", ".join(_COLUMNS), ", ".join(["%s"] * len(_COLUMNS))
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO audit_event ({columns}) VALUES ({marks})", rows)  # noqa: S608 - constants


def _copy(rows: list[tuple[Any, ...]]) -> None:
    """COPY refuses a table under row-level security: go through a temporary one."""
    forward(row[_BODY] for row in rows)
    columns = ", ".join(_COLUMNS)
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TEMPORARY TABLE audit_incoming ON COMMIT DROP AS SELECT {columns} FROM audit_event WITH NO DATA"  # noqa: S608
        )
        with cursor.copy(f"COPY audit_incoming ({columns}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute(f"INSERT INTO audit_event ({columns}) SELECT {columns} FROM audit_incoming ORDER BY at")  # noqa: S608
        cursor.execute("DROP TABLE audit_incoming")
    if len(rows) > MANY:
        plan_anew(len(rows), AuditEvent)
