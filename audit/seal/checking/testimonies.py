"""Heads against what witnesses have: a database that was cut, or written anew with the real key, is found out here alone."""

from collections.abc import Iterator

from audit.models import AuditHead
from audit.seal.checking.heads import all_heads
from audit.seal.checking.verdict import GRACE, Fault, Kind, Verdict
from audit.seal.heads import is_genuine
from audit.seal.testimony import KeptHead, UnreadableWitness
from audit.seal.witnesses import Witness
from tenancy.scope import current_tenant_id


def check_witness(verdict: Verdict, witness: Witness) -> None:
    """Compare what a witness has, head by head."""
    try:
        untold = _compare(verdict, witness)
    except UnreadableWitness as error:
        verdict.unasked.append(f"The witness ({witness.name}) could not be asked. {error}")
        return
    late = [head for head in untold if head.at < verdict.at - GRACE]
    if late:
        verdict.notes.append(
            f"The witness ({witness.name}) has not been told of {len(late):,} heads, the first of them {late[0].number}."
        )


def _compare(verdict: Verdict, witness: Witness) -> list[AuditHead]:
    """Adds faults; returns the heads that the witness does not have. Raises UnreadableWitness."""
    kept, untold = iter(all_heads()), []
    row, number = next(kept, None), 0
    for told in _in_order(witness):
        number = told.head.number
        while row is not None and row.number < number:
            untold.append(row)
            row = next(kept, None)
        if row is None:
            over = f"head {number}, over {told.head.size:,} events"
            words = f"The witness ({witness.name}) has {over}; here there is none after {_last()}."
            verdict.add(Fault(Kind.TRUNCATED, words, head=number))
            return untold
        if row.number > number:
            verdict.add(Fault(Kind.MISSING, f"The witness ({witness.name}) has head {number}; here it is gone.", head=number))
            continue
        if row.body != told.body:
            words = f"The witness ({witness.name}) was told another head {number}: the trail was written anew."
            verdict.add(Fault(Kind.FORKED, words, head=number))
            return untold
        row = next(kept, None)
    return [*untold, *([row] if row else []), *kept]


def _in_order(witness: Witness) -> Iterator[KeptHead]:
    """What it has, genuine and in order. Raises UnreadableWitness for anything else."""
    before = 0
    for told in witness.told(current_tenant_id()):
        head = told.head
        if not is_genuine(head, told.signature) or head.organization != current_tenant_id():
            raise UnreadableWitness(f"What it has as head {head.number} is not a head of this organization.")
        if head.number == before:  # told twice: a worker died in between
            continue
        if head.number < before:
            raise UnreadableWitness(f"It has head {head.number} after head {before}.")
        before = head.number
        yield told


def _last() -> int:
    return AuditHead.objects.order_by("-number").values_list("number", flat=True).first() or 0
