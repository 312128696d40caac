"""What happens next with a finding, as a sentence."""

import datetime as dt

from controls.models import Finding
from ui.components import Tone
from ui.values import spelled

Status = Finding.Status


def next_step(finding: Finding, today: dt.date) -> tuple[Tone, str]:
    """The tone and who must do what now, for a finding loaded with owner and members."""
    if finding.status == Status.CLOSED:
        return "ok", f"Nothing: it was retested{_by(finding.retested_by)} on {spelled(finding.retested_on)}."
    if finding.status == Status.ACCEPTED:
        until = spelled(finding.accepted_until)
        return "muted", f"It is accepted{_by(finding.accepted_by)} until {until}; after that it opens again by itself."
    if finding.status == Status.READY_FOR_RETEST:
        return "info", "Somebody who neither owns it nor put it right retests it: closed, or back to remediation."
    tone: Tone = "bad" if finding.due_on < today else "info"
    who = finding.owner.name if finding.owner else "Nobody has it yet: somebody"
    late = f"It was due on {spelled(finding.due_on)}. " if finding.due_on < today else ""
    by = "" if late else f" by {spelled(finding.due_on)}"
    if finding.status == Status.OPEN:
        return tone, f"{late}{who} has to start putting it right, and hand it in for retest{by}."
    return tone, f"{late}{who} has to put it right and hand it in for retest{by}."


def _by(member: object) -> str:
    name = getattr(member, "name", "")
    return f" by {name}" if name else ""
