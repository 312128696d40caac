"""One check of everything, in one reading of the database."""

from collections.abc import Callable

from audit.models import AuditLeaf
from audit.seal.checking.events import check_columns, check_places, check_texts
from audit.seal.checking.heads import check_heads
from audit.seal.checking.testimonies import check_witness
from audit.seal.checking.tree import check_tree
from audit.seal.checking.verdict import Verdict
from audit.seal.witnesses import witnesses
from tenancy.scope import now

PARTS = 4  # of equal weight in the progress: texts, columns, places and the tree


def check_trail(progress: Callable[[int, int], None] = lambda _done, _total: None) -> Verdict:
    """Check the active organization's trail; `progress(done, total)` is called now and then.

    Call it in a frozen scope, so that all of it is of one moment.
    """
    verdict = Verdict(at=now())
    check_database(verdict, progress)
    for witness in witnesses():
        check_witness(verdict, witness)
    if not verdict.heads:
        verdict.unasked.append("Nothing has been sealed yet.")
    return verdict


def check_database(verdict: Verdict, progress: Callable[[int, int], None] = lambda _done, _total: None) -> None:
    """All of it that needs no witness."""
    events = AuditLeaf.objects.count() or 1
    total = PARTS * events
    check_heads(verdict)
    check_texts(verdict, lambda done: progress(min(done, events), total))
    progress(events, total)
    check_columns(verdict)
    progress(2 * events, total)
    check_places(verdict)
    progress(3 * events, total)
    check_tree(verdict)
    progress(total, total)
