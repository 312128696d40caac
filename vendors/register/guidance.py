"""What happens next with a vendor, as a sentence."""

import datetime as dt

from ui.components import Tone
from ui.values import spelled
from vendors.lifecycle.diligence import missing
from vendors.models import Vendor

Status = Vendor.Status


def next_step(one: Vendor, today: dt.date) -> tuple[Tone, str]:
    """The tone and who must do what now, for one loaded with its owner."""
    match one.status:
        case Status.REQUESTED:
            return "info", "Whoever assesses vendors looks at it: its documents, what it would get, what could go wrong."
        case Status.DUE_DILIGENCE if one.diligence_on is None:
            return "info", "Record the due-diligence review. Then somebody who did not ask for it decides."
        case Status.DUE_DILIGENCE:
            return "info", "Somebody who neither asked for it nor owns it decides whether it may be used."
        case Status.APPROVED:
            return "ok", "It may be used. Put it into use on the day it begins."
        case Status.OFFBOARDING:
            return _leaving(one, today)
        case Status.IN_USE:
            return _used(one, today)
    return "muted", "Nothing: it is not used."


def _leaving(one: Vendor, today: dt.date) -> tuple[Tone, str]:
    left = [
        *(["show that its access is removed"] if one.access_evidence_id is None else []),
        *(["show what became of the data"] if not one.data_outcome else []),
    ]
    tone: Tone = "bad" if one.leaving_on and one.leaving_on < today else "warn"
    by = f"by {spelled(one.leaving_on)}" if one.leaving_on else "soon"
    if left:
        return tone, f"It is to have left {by}. Still to do: {' and '.join(left)}."
    return "ok", "Access and data are accounted for: say that it has left."


def _used(one: Vendor, today: dt.date) -> tuple[Tone, str]:
    lacking = [item.name for item in missing(one)]
    if lacking:
        return "bad", f"It is in use, and this is missing: {', '.join(lacking)}."
    if one.next_review_on and one.next_review_on < today:
        return "bad", f"Its review was due on {spelled(one.next_review_on)}."
    return "ok", f"It is reviewed again by {spelled(one.next_review_on)}."
