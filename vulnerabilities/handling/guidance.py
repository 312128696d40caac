"""What happens next with a vulnerability, as a sentence."""

import datetime as dt

from ui.components import Tone
from ui.values import spelled
from vulnerabilities.models import Vulnerability

Status = Vulnerability.Status


def next_step(one: Vulnerability, today: dt.date) -> tuple[Tone, str]:
    """The tone and who must do what now, for one loaded with owner, scope and members."""
    if one.status == Status.FIXED:
        return "ok", _fixed(one)
    if one.status == Status.ACCEPTED:
        name = one.accepted_by.name if one.accepted_by else "Plumbline"
        return "muted", f"It is accepted by {name} until {spelled(one.accepted_until)}; after that it opens again by itself."
    if one.status == Status.WITHDRAWN:
        return "muted", "Nothing: only a scan had it that was withdrawn. A scan that has it opens it again by itself."
    if one.status == Status.READY_FOR_RETEST:
        return "info", "Somebody who neither has it nor fixed it retests it: fixed, or open again."
    late = one.due_on < today
    who = one.owner.name if one.owner else "Nobody has it yet: somebody"
    when = f"It was due on {spelled(one.due_on)}. " if late else ""
    by = "" if late else f" by {spelled(one.due_on)}"
    if one.engagement_id:
        return "bad" if late else "info", f"{when}{who} has to fix it and hand it in for retest{by}."
    how = f"to {one.fixed_in} " if one.fixed_in else ""
    closes = "It is closed by itself when a later scan of the same scope, one that can be evaluated, no longer has it."
    act = f"has to update {one.package} {how}".rstrip() if one.package else "has to fix it"
    return "bad" if late else "info", f"{when}{who} {act}{by}. {closes}"


def _fixed(one: Vulnerability) -> str:
    if one.engagement_id:
        name = one.retested_by.name if one.retested_by else "Plumbline"
        return f"Nothing: it was retested by {name} on {spelled(one.retested_on)}."
    return "Nothing: a later scan of the same scope no longer has it. If it comes back, it is opened again by itself."
