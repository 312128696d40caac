"""The finding about an emergency that nobody approved in writing: it was rejected, or nobody did it in time."""

from audit.actors import Actor
from changes.models import Change
from controls.findings.actions import raise_finding
from controls.models import Control, Finding
from tenancy.scope import now
from ui.values import exact

_CONTROLS = ("CHG-004", "CHG-001")


def raise_rejected(change: Change, *, actor: Actor, by: str, reason: str) -> Finding | None:
    """Somebody rejected in writing what was carried out: at once, and not twice. Part of a caller's action.

    What was agreed to by word counts no more from now on.
    """
    if change.agreed_until is not None and change.agreed_until > now():
        change.agreed_until = now()
        change.save(update_fields=["agreed_until"])
    if change.written_finding_id is not None:
        return None
    return _raise(change, actor, "rejected in writing", f"{by} rejected it: {reason}")


def raise_disputed(change: Change, *, actor: Actor, by: str, reason: str) -> Finding | None:
    """Whoever was named said that they had not agreed to what was carried out: at once, and not twice. Part of an action."""
    if change.written_finding_id is not None:
        return None
    return _raise(change, actor, "the agreement named was not given", f"{by} did not agree to it: {reason}")


def raise_overdue(change: Change, *, actor: Actor) -> Finding:
    """Nobody approved it in writing in time. Part of a caller's action."""
    due = exact(change.written_due_at) if change.written_due_at else ""
    return _raise(change, actor, "not approved in writing", f"The approval in writing was due by {due}.")


def _raise(change: Change, actor: Actor, what: str, why: str) -> Finding:
    control = Control.objects.filter(library_key__in=_CONTROLS, status=Control.Status.ACTIVE).order_by("library_key").first()
    found = raise_finding(
        actor=actor,
        title=f"{change.reference} was carried out as an emergency and {what}"[:200],
        severity="high",
        source=Finding.Source.OTHER,
        link=change.get_absolute_url(),
        control=control,
        risk=f"{change.title} {why}"[:5_000],
        remediation="Have it approved in writing by somebody who neither asked for it nor carried it out, or undo it.",
        evidence_required="The approval, with name and time; or what shows that it was undone.",
    )
    change.written_finding = found
    change.save(update_fields=["written_finding"])
    return found
