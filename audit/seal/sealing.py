"""Sealing: what has been committed since the last head joins the tree, and the new head is signed.

An event belongs in once its transaction is over, whatever `at` it bears: those below the oldest transaction that still runs
(`pg_snapshot_xmin`). The head keeps that mark, so that the next sealing reads only what came since, by the index of xid.
Transaction ids start anew after a restore into another cluster; an event that no head has is then found by a sweep, which reads
them all.
"""

import datetime as dt
from dataclasses import dataclass

from django.db import connection
from django.db.models import Exists, OuterRef

from audit.models import AuditEvent, AuditHead, AuditLeaf
from audit.seal.heads import NONE_BEFORE, Head, digest_of
from audit.seal.keys import NoSealKey, SealKey, seal_keys
from audit.seal.tree import Tree
from tenancy.measuring import plan_anew
from tenancy.scope import current_tenant_id

QUIET = dt.timedelta(hours=1)  # a head is due after so long, even of nothing new: a longer gap is a finding
MANY = 10_000
_BATCH = 10_000
_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('audit_seal ' || %s, 0))"
_HORIZON = "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint, clock_timestamp()"
# In the order in which they are checked: by transaction, then as they were written in it.
_TAKE = """
INSERT INTO audit_auditleaf (tenant_id, id, at, leaf, position)
SELECT e.tenant_id, e.id, e.at, e.leaf, %(size)s + row_number() OVER (ORDER BY e.xid, e.at, e.id) - 1
FROM audit_event e
WHERE e.tenant_id = %(tenant)s::uuid AND {which}
  AND NOT EXISTS (SELECT 1 FROM audit_auditleaf l WHERE l.tenant_id = e.tenant_id AND l.id = e.id)
"""
_SINCE = _TAKE.format(which="e.xid >= %(since)s::text::xid8 AND e.xid < %(until)s::text::xid8")
_ALL = _TAKE.format(which="true")  # whatever is seen is committed


@dataclass(frozen=True, slots=True)
class Sealed:
    """What a sealing did: how many events it took in, and the latest head, if there is one."""

    events: int
    head: AuditHead | None


def seal(*, sweep: bool = False) -> Sealed:
    """Seal the active organization's trail. Raises NoSealKey, and does nothing, where the key has not been handed over.

    Part of the caller's scope: sealings of one organization wait for each other. Signs nothing when nothing is new and the
    last head is younger than an hour. `sweep` takes in every event that no head has, however old.
    """
    horizon, at = _begin()
    last = AuditHead.objects.order_by("-number").first()
    key, heir = _signers(last)
    size, since = (last.size, last.horizon) if last else (0, 0)
    values: dict[str, str | int] = {"tenant": str(current_tenant_id()), "size": size, "since": str(since), "until": str(horizon)}
    with connection.cursor() as cursor:
        cursor.execute(_ALL if sweep or horizon < since else _SINCE, values)
        taken = cursor.rowcount
    if taken > MANY:
        plan_anew(taken, AuditLeaf)
    if not taken and heir is None and last is not None and at - last.at < QUIET:
        return Sealed(0, last)
    tree = Tree.kept(last.size, bytes(last.peaks)) if last else Tree()
    rows = AuditLeaf.objects.filter(position__gte=size).order_by("position").values_list("leaf", flat=True)
    tree.extend(bytes(leaf) for leaf in rows.iterator(chunk_size=_BATCH))
    head = _sign(tree, last, key, heir=heir, at=at, horizon=horizon)
    return Sealed(taken, _sign(tree, head, heir, heir=None, at=at, horizon=horizon) if heir else head)


def lag(at: dt.datetime) -> dt.timedelta:
    """How long the oldest event waits that no head has; zero when none does."""
    last = AuditHead.objects.order_by("-number").only("horizon").first()
    sealed = AuditLeaf.objects.filter(pk=OuterRef("pk"))  # by a sweep, which waits for nobody
    since = str(last.horizon if last else 0)
    waiting = AuditEvent.objects.exclude(Exists(sealed))
    waiting = waiting.extra(where=["xid >= %s::text::xid8"], params=[since])  # Django knows no xid8
    oldest = waiting.order_by("at").values_list("at", flat=True).first()
    return max(at - oldest, dt.timedelta(0)) if oldest else dt.timedelta(0)


def _begin() -> tuple[int, dt.datetime]:
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [str(current_tenant_id())])
        cursor.execute(_HORIZON)
        horizon, at = cursor.fetchone()
    return horizon, at


def _signers(last: AuditHead | None) -> tuple[SealKey, SealKey | None]:
    """The key that signs now, and the one that it hands over to in doing so, if any."""
    keys = seal_keys()
    if last is None:
        return keys[-1], None
    now = bytes(Head.read(last.body).hands_over_to or last.public)
    held = next((key for key in keys if key.public == now), None)
    if held is None:
        raise NoSealKey(
            "The key that sealed this trail last is not in PLUMBLINE_SEAL_KEYS: put it before the new one, so that it hands over."
        )
    return held, keys[-1] if keys[-1].public != now else None


def _sign(tree: Tree, last: AuditHead | None, key: SealKey, *, heir: SealKey | None, at: dt.datetime, horizon: int) -> AuditHead:
    head = Head(
        organization=current_tenant_id(),
        number=last.number + 1 if last else 1,
        size=tree.size,
        root=tree.root,
        at=at,
        previous=digest_of(last.body) if last else NONE_BEFORE,
        public=key.public,
        hands_over_to=heir.public if heir else None,
    )
    return AuditHead.objects.create(
        number=head.number,
        size=tree.size,
        root=tree.root,
        peaks=tree.packed,
        horizon=horizon,
        at=at,
        body=head.body,
        signature=head.signed(key),
        public=key.public,
    )
