"""The place of changes in the frame, in everybody's work, in the schedule and behind the evidence."""

import uuid
from collections.abc import Iterator

from changes.drafting.about import EVERYBODY
from changes.drafting.inbox import about, waiting
from changes.drafting.listing import ChangeList
from changes.drafting.reminding import remind
from changes.drafting.submitted import tell_approvers
from changes.lifecycle.hooks import on_moved
from changes.models import Change, ChangeEvidence
from evidence.links import Linkable, Proof, register_linkable, register_proofs
from ui.navigation import register_place
from ui.searching import register_search
from workflow.inbox import register_inbox
from workflow.schedule import register_periodic


def proofs(evidence_id: uuid.UUID) -> Iterator[Proof]:
    """The changes that an item belongs to."""
    rows = ChangeEvidence.objects.filter(evidence=evidence_id, status=ChangeEvidence.Status.LINKED).select_related("change")
    for row in rows.order_by("change__reference"):
        yield Proof("Change", f"{row.change.reference} {row.change.title}", row.change.get_absolute_url(), row.get_use_display())


def register() -> None:
    """Fill the registries."""
    register_search("changes:list", ChangeList, lambda one: f"{one.reference} {one.title}", order=50)
    register_place("changes", "Changes", "changes:list", EVERYBODY, order=1)
    register_place("changes", "Templates", "changes:template-list", EVERYBODY, order=30, more=True)
    register_place("changes", "Settings of changes", "changes:settings", "change_rules.write", order=90, more=True)
    register_inbox(waiting, about)
    register_periodic("changes.remind_of_templates", remind)
    register_proofs(proofs)
    register_linkable(Linkable("Change", Change, "changes.read", ("reference", "title")))
    on_moved(tell_approvers)
