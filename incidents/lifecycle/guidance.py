"""What happens next to an incident, and who has to act, as one sentence."""

from collections.abc import Sequence

from incidents.hooks import Unfinished
from incidents.models import Incident
from incidents.models.incident import GRAVE
from tenancy.models import current_organization
from tenancy.scope import now
from ui.components import Tone
from ui.values import exact, spelled

Status = Incident.Status


def next_step(incident: Incident, lacking: Sequence[str], going: Sequence[Unfinished]) -> tuple[Tone, str]:
    """(tone, sentence), for an incident loaded with its people; `lacking` is what closing needs, `going` what is unfinished.

    The page lists what is unfinished below the sentence.
    """
    if incident.is_over:
        return _over(incident, going)
    tone, words = _next(incident, lacking, going)
    return tone, f"{was_graver(incident)} {words}".lstrip()


def was_graver(incident: Incident) -> str:
    """That closing needs what one of a graver severity needs, as it was one; empty where it does not."""
    if incident.lowered_at is None or incident.gravest == incident.severity or incident.gravest not in GRAVE:
        return ""
    until = spelled(current_organization().day_of(incident.lowered_at))
    return f"It was {incident.get_gravest_display().lower()} until {until}: closing needs what one of that severity needs."


def _next(incident: Incident, lacking: Sequence[str], going: Sequence[Unfinished]) -> tuple[Tone, str]:
    if incident.status == Status.RESOLVED:
        return _resolved(incident, lacking, going)
    if incident.acknowledged_at is None:
        return _unacknowledged(incident)
    who = incident.assigned_to.name if incident.assigned_to else "Nobody has it yet: somebody"
    if incident.status == Status.OPEN:
        return "warn", f"{who} has to look into it."
    if incident.status == Status.INVESTIGATING:
        return "warn", f"{who} has to stop the harm: mark it as contained, or as resolved, when it is."
    return "info", f"It does no more harm. {who} has to put it right and mark it as resolved."


def _over(incident: Incident, going: Sequence[Unfinished]) -> tuple[Tone, str]:
    if incident.status == Status.DISMISSED:
        return "muted", f"Nothing: it was no incident. {incident.dismissed_reason}"
    closed = f"it was closed on {exact(incident.closed_at)}" if incident.closed_at else "it is closed"
    if going:
        return _tone(going), f"{closed[:1].upper()}{closed[1:]}. Still to be done:"
    return "ok", f"Nothing: {closed}."


def _tone(going: Sequence[Unfinished]) -> Tone:
    return "warn" if any(one.holds for one in going) else "info"


def _unacknowledged(incident: Incident) -> tuple[Tone, str]:
    due = incident.acknowledge_due_at
    late = due is not None and due < now()
    who = incident.assigned_to.name if incident.assigned_to else "Nobody has it yet: somebody of the security team"
    if late and due is not None:
        return "bad", f"{who} has to acknowledge it. That was due {exact(due)}."
    by = f" by {exact(due)}" if due else ""
    return ("bad" if incident.is_grave else "warn"), f"{who} has to acknowledge it{by}."


def _resolved(incident: Incident, lacking: Sequence[str], going: Sequence[Unfinished]) -> tuple[Tone, str]:
    if not lacking:
        return _to_close(going)
    due, today = incident.review_due_on, current_organization().today()
    late = due is not None and due < today
    by = f" Its review was due on {spelled(due)}." if late else f" Its review is due on {spelled(due)}." if due else ""
    also = " And open:" if going else ""
    return ("bad" if late else "warn"), f"It is resolved. Before it can be closed: {' '.join(lacking)}{by}{also}"


def _to_close(going: Sequence[Unfinished]) -> tuple[Tone, str]:
    if any(one.holds for one in going):
        return "warn", "It is resolved, but notices are open. Whoever closes it settles them first, or says why not:"
    if going:
        return "info", "It is resolved: whoever runs incidents closes it. This is followed on afterwards:"
    return "info", "It is resolved, and nothing is missing: whoever runs incidents closes it."
