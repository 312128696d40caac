"""Populations made the way people make them: upload, map, read, import."""

import datetime as dt
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Member
from audit.actions import action
from audit.record import record
from inventory.formats.mapping import Mapping
from inventory.models import Account, Person, Removal, Snapshot, SnapshotFile, System
from inventory.snapshots import actions
from inventory.snapshots.loading import load
from inventory.snapshots.reading import keep_preview, look
from inventory.snapshots.recognising import table_headers
from inventory.snapshots.repeating import confirm_repeat, repeat_of
from tenancy.ids import uuid7
from tenancy.scope import now

HEADER = "User ID,User name,E-mail,Role,Resource,Status,Last login,Privileged"
MAPPING = Mapping(
    columns={
        "account_id": "User ID",
        "account_name": "User name",
        "email": "E-mail",
        "role": "Role",
        "resource": "Resource",
        "account_state": "Status",
        "last_used_at": "Last login",
        "privileged": "Privileged",
    }
)
ADA = "U1,ada,ada@acme.example,Admin,,active,2026-09-30,yes"
BEN = "U2,ben,ben@acme.example,Viewer,,active,never,no"
CYD = "U3,cyd,cyd@acme.example,Viewer,,active,N/A,no"


@action
def make_system(actor: Member, name: str = "Console", **fields: Any) -> System:
    """A system with a plain table as its export."""
    system = System.objects.create(name=name, no_access_states=["suspended"], **fields)
    record("system.create", system, actor=actor)
    return system


def csv(*rows: str, header: str = HEADER, name: str = "export.csv") -> SimpleUploadedFile:
    """An upload of these lines."""
    return SimpleUploadedFile(name, "\n".join((header, *rows)).encode())


def answers(**changes: Any) -> dict[str, Any]:
    """The questions, answered for a full export of three accounts a minute ago."""
    given = {
        "as_of": now() - dt.timedelta(minutes=1),
        "extracted_by": "Ada Example",
        "query": "All users report",
        "filters": "",
        "full_export": True,
        "stated_count": None,
        "stated_count_unit": "accounts",
    }
    return given | changes


def draft(system: System, actor: Member, *uploads: SimpleUploadedFile, **changes: Any) -> Snapshot:
    """Uploaded, with its questions answered."""
    return actions.create_snapshot(key=uuid7(), system=system, uploads=list(uploads), answers=answers(**changes), actor=actor)


def previewed(system: System, actor: Member, *rows: str, mapping: Mapping = MAPPING, **changes: Any) -> Snapshot:
    """Read by a worker and ready to import."""
    snapshot = draft(system, actor, csv(*rows), **changes)
    headers, _ = table_headers(snapshot.files.get().file)
    actions.set_mapping(snapshot, mapping=mapping, headers=headers, actor=actor)
    return read(snapshot, actor)


def read(snapshot: Snapshot, actor: Member) -> Snapshot:
    """What the worker does for the preview."""
    files = list(SnapshotFile.objects.filter(snapshot=snapshot).select_related("file"))
    keep_preview(snapshot, look(snapshot, files, "UTC", lambda _done, _total: None), actor=actor)
    return Snapshot.objects.get(pk=snapshot.pk)


def loaded(snapshot: Snapshot, actor: Member, *, accept_errors: bool = False) -> Snapshot:
    """What the worker does for the import."""
    actions.start_import(snapshot, accept_errors=accept_errors, actor=actor)
    load(Snapshot.objects.get(pk=snapshot.pk), zone="UTC", actor=actor, progress=lambda _done, _total: None)
    return Snapshot.objects.get(pk=snapshot.pk)


def population(system: System, actor: Member, *rows: str, **changes: Any) -> Snapshot:
    """Imported; complete, because the stated count is that of its accounts unless the caller says otherwise."""
    changes.setdefault("stated_count", len({row.split(",")[0] for row in rows}))
    snapshot = previewed(system, actor, *rows, **changes)
    if repeat_of(snapshot):
        confirm_repeat(snapshot, reason="Nothing changed at the source.", actor=actor)
    return loaded(snapshot, actor)


@action
def make_removal(actor: Member, base: Snapshot, account_id: str, role: str = "", **changes: Any) -> Removal:
    """A task to remove a role, or the whole account when there is none; claimed unless the caller says otherwise."""
    account = Account.objects.get(system=base.system, account_id=account_id)
    given = {
        "reference": f"RM-{Removal.objects.count() + 1:04d}",
        "origin": "review" if role else "leaver",
        "status": "claimed",
        "system": base.system,
        "account": account,
        "entitlement_key": role,
        "role": role,
        "base_snapshot": base,
        "reason": "Not needed.",
        "requested_at": base.as_of + dt.timedelta(seconds=1),
        "claimed_at": base.as_of + dt.timedelta(seconds=2),
        "due_on": base.as_of.date(),
    }
    removal = Removal.objects.create(**{**given, **changes})
    record("removal.request", removal, actor=actor)
    return removal


def person_of(member: Member) -> Person:
    """The member's row of the roster."""
    return Person.objects.get(member=member)
