"""Another change that says the same."""

from audit.actions import action
from audit.actors import Actor
from audit.record import record
from changes.approving.standard import why_not_standard
from changes.drafting.actions import TEXTS, create_change
from changes.models import Change

SAME = ("kind", "priority", "answers", "environments", *TEXTS)


@action
def clone_change(change: Change, *, actor: Actor, title: str = "") -> Change:
    """A draft with the same words, systems and answers; without window, people, links, files and approvals. Raises ActionRefused.

    One whose template has ended, or says something else by now, begins as a normal change; an emergency does not repeat.
    """
    template = change.template if change.type == Change.Type.STANDARD and not why_not_standard(change) else None
    made = create_change(
        actor=actor,
        title=title or change.title,
        systems=[row.system for row in change.systems.select_related("system")],
        template=template,
        **{name: getattr(change, name) for name in SAME},
    )
    record("change.copy", made, actor=actor, metadata={"from": change.reference})
    return made
