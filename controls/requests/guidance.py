"""What happens next with a request, as a sentence."""

import datetime as dt

from controls.models import AuditRequest
from ui.components import Tone
from ui.values import spelled

Status = AuditRequest.Status


def next_step(request: AuditRequest, today: dt.date, *, judges: bool = False) -> tuple[Tone, str]:
    """The tone and who must do what now, for a request loaded with its assignee; `judges` where the reader decides on it."""
    if request.status == Status.ACCEPTED:
        return "ok", "Nothing: the auditor has what was asked for."
    if request.status == Status.WITHDRAWN:
        return "muted", "Nothing: it is not asked for any more."
    if request.status == Status.SUBMITTED:
        theirs = "The auditor looks at what was given, and accepts or returns it."
        return "info", "You accept what was given, or return it." if judges else theirs
    late = request.due_on is not None and request.due_on < today
    who = request.assignee.name if request.assignee else "Nobody has it yet: somebody"
    by = f" by {spelled(request.due_on)}" if request.due_on and not late else ""
    was = f"It was due on {spelled(request.due_on)}. " if late else ""
    if request.status == Status.RETURNED:
        return "bad", f"{was}The auditor returned it: {who} has to give what is missing and submit it again{by}."
    return ("bad" if late else "info"), f"{was}{who} has to give what is asked for and submit it{by}."
