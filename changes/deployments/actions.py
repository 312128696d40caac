"""Reporting deployments: those that are new once, those that came before once and for all; each is classed at once."""

import datetime as dt
import hashlib
import uuid
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from django.db import connection

from accounts.models import Member
from audit.actions import action
from audit.actors import Actor, current_origin
from audit.record import canonical, record
from changes.deployments import reconcile
from changes.deployments.carrying import carry_out, catch_up
from changes.deployments.reading import Errors, Fresh, Reading, read
from changes.models import Change, Deployment, DeploymentBatch, DeploymentLink
from tenancy.ids import uuid7
from tenancy.scope import current_tenant_id, now
from ui.refusals import ActionRefused, stated

MOST = 500
REPORT, LINK = "deployments.write", DeploymentLink.REMOVE.permission
_COLUMNS = (
    "id, tenant_id, batch_id, source, external_id, environment, service, system_id, repository, commit, deployed_at, "
    "deployed_by, person_id, is_bot, outcome, change_named, url, classification, reason, notes, matched_by"
)
_INCOMING = f"""
CREATE TEMPORARY TABLE deployment_incoming ON COMMIT DROP AS SELECT {_COLUMNS} FROM changes_deployment WITH NO DATA
"""  # noqa: S608 - constants
_INSERT = f"""
INSERT INTO changes_deployment ({_COLUMNS}) SELECT {_COLUMNS} FROM deployment_incoming ORDER BY source, external_id
ON CONFLICT (tenant_id, source, external_id) DO NOTHING
RETURNING external_id
"""  # noqa: S608 - constants


@dataclass(slots=True)
class Outcome:
    """What became of one deployment of a report, in its order."""

    status: Literal["accepted", "duplicate", "refused"]
    external_id: str = ""
    id: uuid.UUID | None = None
    errors: Errors = field(default_factory=list)


def report(
    items: Sequence[Any], *, source: str, actor: Actor, via: str = DeploymentBatch.Via.API, name: str = ""
) -> list[Outcome]:
    """Check deployments that a system reports, keep what is new, class it, and say of each what became of it.

    A deployment is known by its system and the id it has there. The same again is a duplicate; another under the same id is
    refused. Nothing is recorded where nothing is new. Raises ActionRefused for an actor who may not report.
    """
    if not actor.can(REPORT):
        raise ActionRefused("Your role does not allow this.")
    readings = read(items, now())
    fresh: dict[str, Fresh] = {}
    for reading in readings:
        if reading.fresh is not None:
            fresh.setdefault(reading.fresh.external_id, reading.fresh)
    added: dict[str, uuid.UUID] = {}
    if fresh:
        with suppress(_NothingNew):
            added = _keep(list(fresh.values()), source, actor, readings, via=via, name=name)
    return _outcomes(readings, fresh, kept_under(source, [one for one in fresh if one not in added]), added)


class _NothingNew(Exception):
    """All of it was kept before: there is nothing to keep, nor to record."""


def kept_under(source: str, names: list[str]) -> dict[str, dict[str, Any]]:
    """What is kept of these already, by the ids of their system."""
    if not names:
        return {}
    rows = Deployment.objects.filter(source=source, external_id__in=names)
    named = ("id", "external_id", "environment", "service", "repository", "commit")
    return {row[1]: dict(zip(named, row, strict=True)) for row in rows.values_list(*named)}


def _outcomes(
    readings: list[Reading], fresh: dict[str, Fresh], before: dict[str, dict[str, Any]], added: dict[str, uuid.UUID]
) -> list[Outcome]:
    found: list[Outcome] = []
    answered: set[str] = set()
    for reading in readings:
        one = reading.fresh
        if one is None:
            found.append(Outcome("refused", reading.external_id, errors=reading.errors))
            continue
        name = one.external_id
        kept = before.get(name)
        if not one.same(kept or asdict(fresh[name])):
            found.append(Outcome("refused", name, errors=[("id", "Another deployment has this id.")]))
            continue
        key = kept["id"] if kept else added[name]
        found.append(Outcome("duplicate" if kept or name in answered else "accepted", name, key))
        answered.add(name)
    return found


@action
def _keep(new: list[Fresh], source: str, actor: Actor, readings: list[Reading], *, via: str, name: str) -> dict[str, uuid.UUID]:
    """Add the deployments and the batch they came in, class them, and move the approved changes that they carry out.

    One event of the trail for all. Raises _NothingNew, which takes everything back.
    """
    batch_id, keys, tenant_id = uuid7(), {one.external_id: uuid7() for one in new}, current_tenant_id()
    names = _insert([_row(keys[one.external_id], tenant_id, batch_id, source, one) for one in new])
    if not names:
        raise _NothingNew
    added = {one.external_id: keys[one.external_id] for one in new if one.external_id in names}
    refused = sum(reading.fresh is None for reading in readings)
    batch = DeploymentBatch(
        pk=batch_id,
        via=via,
        name=name[:200],
        sent_by=actor if isinstance(actor, Member) else None,
        token=current_origin().token or "",
        received_at=now(),
        accepted=len(added),
        duplicates=len(readings) - refused - len(added),
        refused=refused,
        digest=digest_of((keys[one.external_id], source, one) for one in new if one.external_id in names),
    )
    batch.save(force_insert=True)
    facts = {one: getattr(batch, one) for one in ("via", "name", "accepted", "duplicates", "refused", "digest")}
    record("deployment_batch.report", batch, actor=actor, after={"source": source, **facts})
    reconcile.for_batch(batch_id, actor=actor, keys=list(added.values()))
    carry_out(batch_id, actor=actor)
    return added


def _insert(rows: Iterable[tuple[Any, ...]]) -> set[str]:
    """Add what is not there. COPY refuses a table under row-level security: go through a temporary one. The ids added."""
    with connection.cursor() as cursor:
        cursor.execute(_INCOMING)
        with cursor.copy("COPY deployment_incoming FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute(_INSERT)
        names = {name for (name,) in cursor.fetchall()}
        cursor.execute("DROP TABLE deployment_incoming")
    return names


def _row(key: uuid.UUID, tenant_id: uuid.UUID, batch_id: uuid.UUID, source: str, one: Fresh) -> tuple[Any, ...]:
    """In the order of the columns."""
    return (
        key, tenant_id, batch_id, source, one.external_id, one.environment, one.service, one.system, one.repository, one.commit,
        one.deployed_at, one.deployed_by, one.person, one.is_bot, one.outcome, one.change_named, one.url,
        "unmatched", "no_change", [], "",
    )  # fmt: skip


def digest_of(rows: Iterable[tuple[uuid.UUID, str, Fresh]]) -> str:
    """The SHA-256 over a line for each deployment in the order of their ids: its id and its facts as canonical JSON."""
    lines = sorted(f"{key} {canonical([source, *_told(one)])}\n" for key, source, one in rows)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _told(one: Fresh) -> list[Any]:
    given = [getattr(one, name) for name in Fresh.__dataclass_fields__]
    return [value.isoformat() if isinstance(value, dt.datetime) else value for value in given]


@action
def link(deployment: Deployment, *, actor: Actor, change: Change, reason: str) -> DeploymentLink:
    """Say which change a deployment belongs to, and why; its class follows. Raises ActionRefused.

    A link that was there is removed. Linking approves nothing: what was approved later was approved later.
    """
    if not actor.can(LINK):
        raise ActionRefused("Your role does not allow this.")
    locked = Deployment.objects.select_for_update(of=("self",), no_key=True).get(pk=deployment.pk)
    why = stated(reason, "Give a reason: an auditor will ask for it.")
    before = DeploymentLink.objects.filter(deployment=locked, status=DeploymentLink.Status.LINKED).first()
    if before is not None and before.change_id == change.pk:
        raise ActionRefused(f"It is linked to {change} already.", field="change")
    if before is not None:
        DeploymentLink.REMOVE.apply(before, actor=actor, note=why)
    made = DeploymentLink(
        deployment=locked,
        change=change,
        reason=why,
        linked_by=actor if isinstance(actor, Member) else None,
        linked_at=now(),
    )
    made.save(force_insert=True)
    about = {"deployment": str(locked), "change": str(change), "commit": locked.commit}
    record("deployment_link.make", made, actor=actor, after=about, note=why)
    reconcile.for_deployments([locked.pk], actor=actor)
    deployment.refresh_from_db()
    return made


@action
def unlink(deployment: Deployment, *, actor: Actor, reason: str) -> None:
    """Take the link by hand away; its class follows from what is found by itself. Raises ActionRefused."""
    made = DeploymentLink.objects.filter(deployment=deployment, status=DeploymentLink.Status.LINKED).first()
    if made is None:
        raise ActionRefused("It is not linked by hand.")
    DeploymentLink.REMOVE.apply(made, actor=actor, note=stated(reason, "Give a reason: an auditor will ask for it."))
    reconcile.for_deployments([deployment.pk], actor=actor)
    deployment.refresh_from_db()


def reconcile_everything(*, actor: Actor) -> reconcile.Moves:
    """Account for every deployment anew, and carry out what that clears. Raises ActionRefused."""
    if not actor.can(LINK):
        raise ActionRefused("Your role does not allow this.")
    moves = reconcile.for_all(actor=actor)
    catch_up(actor)
    return moves
