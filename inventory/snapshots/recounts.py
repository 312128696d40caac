"""A stated count that was changed after the file had been compared with it: why, by whom, and from what to what."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.template.defaultfilters import date as date_format

from accounts.models import Member
from inventory.models import Snapshot
from inventory.snapshots.completeness import UNITS
from tenancy.models import current_organization
from ui.refusals import ActionRefused

ASKED = "The file was compared with the count stated before. Say why another count is the source's own."


def changes_with(
    snapshot: Snapshot, answers: Mapping[str, Any], *, reason: str, picture: bool, actor: Member
) -> list[dict[str, Any]]:
    """All changes of the count, this one included. Raises ActionRefused while a change has no reason."""
    before, after = (snapshot.stated_count, snapshot.stated_count_unit), (answers["stated_count"], answers["stated_count_unit"])
    known = list(snapshot.count_changes)
    compared = bool(known) or (snapshot.rows_read > 0 and snapshot.stated_count is not None)
    if not compared or before == after or before[0] == after[0] is None:
        return known
    if not reason.strip():
        raise ActionRefused(ASKED, field="count_reason")
    change = {
        "from": _amount(*before),
        "to": _amount(*after),
        "reason": reason.strip(),
        "by": actor.name,
        "on": current_organization().today().isoformat(),
        "picture": picture,
    }
    return [*known, change]


def said_of(changes: list[dict[str, Any]]) -> list[str]:
    """A sentence or two for each change, for the population's page and the report."""
    return [_said(change) for change in changes]


def _said(change: Mapping[str, Any]) -> str:
    day = date_format(dt.date.fromisoformat(change["on"]), "j M Y")
    shown = "A picture of the source's screen was given with it." if change["picture"] else "No picture of it was given."
    words = f"The stated count was changed from {change['from']} to {change['to']} after the file had been compared with it, by"
    return f"{words} {change['by']} on {day}: {str(change['reason']).rstrip('.')}. {shown}"


def _amount(count: int | None, unit: str) -> str:
    if count is None:
        return "none"
    one, many = UNITS[unit]
    return f"{count:,} {one if count == 1 else many}"
