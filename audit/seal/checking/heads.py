"""Heads against each other: each bears its key's signature, names the one before, and only the key handed over to signs on."""

import datetime as dt
from collections.abc import Iterator

from audit.models import AuditHead
from audit.seal.checking.verdict import Fault, Kind, Verdict
from audit.seal.heads import BadHead, Head, is_genuine, why_not_after
from audit.seal.keys import seal_keys
from audit.seal.sealing import QUIET

LATE = QUIET + dt.timedelta(minutes=15)
MOST_GAPS = 5
_BATCH = 2_000


def check_heads(verdict: Verdict) -> None:
    """Judge all heads of the active organization; notes where sealing stood still."""
    before, text = None, ""
    gaps = 0
    for row in all_heads():
        verdict.heads += 1
        head = _judged(verdict, row)
        if head is None:
            before, text = None, row.body
            continue
        follows = before is not None or verdict.heads == 1
        if follows and (why := why_not_after(head, before, text)):
            kind = Kind.MISSING if before is not None and head.number > before.number + 1 else Kind.FORKED
            kind = Kind.MISSING if before is None and head.number > 1 else kind
            verdict.add(Fault(kind, why, head=head.number))
        if before is not None and head.at - before.at > LATE:
            gaps += 1
            if gaps <= MOST_GAPS:
                verdict.notes.append(f"Nothing was sealed from {before.at:%Y-%m-%d %H:%M} to {head.at:%Y-%m-%d %H:%M} UTC.")
        before, text = head, row.body
    if gaps > MOST_GAPS:
        verdict.notes.append(f"Sealing stood still {gaps} times in all.")
    if before is not None:
        verdict.root = before.root
        _judge_key(verdict, before)


def all_heads() -> Iterator[AuditHead]:
    """In the order of their numbers."""
    yield from AuditHead.objects.order_by("number").iterator(chunk_size=_BATCH)


def _judged(verdict: Verdict, row: AuditHead) -> Head | None:
    """What a head says, if it is one and its columns say the same."""
    try:
        head = Head.read(row.body)
    except BadHead:
        verdict.add(Fault(Kind.FORKED, f"Head {row.number} is not written as a head is.", head=row.number))
        return None
    if not is_genuine(head, bytes(row.signature)):
        verdict.add(Fault(Kind.FORKED, f"Head {row.number} does not bear the signature of its key.", head=row.number))
    if head.organization != row.tenant_id:
        verdict.add(Fault(Kind.FORKED, f"Head {row.number} is of another organization.", head=row.number))
    columns = (row.number, row.size, bytes(row.root), row.at, bytes(row.public))
    if columns != (head.number, head.size, head.root, head.at, head.public):
        verdict.add(Fault(Kind.COLUMN, f"What is searched of head {row.number} is not what was signed.", head=row.number))
    return head


def _judge_key(verdict: Verdict, last: Head) -> None:
    """Whoever holds the database could sign with a key of their own."""
    ours = {key.public for key in seal_keys()}
    if (last.hands_over_to or last.public) not in ours:
        verdict.add(
            Fault(Kind.FORKED, f"Head {last.number} is signed by a key that is not this installation's.", head=last.number)
        )
