"""What a change says, for its page and for the page on which it is approved: the partial changes/what.html."""

from typing import Any

from django.utils import timezone

from accounts.models import Member
from changes.calendar.freezes import beside_window
from changes.drafting.risk import assess
from changes.lifecycle.ending import standing_of_review
from changes.models import Change
from changes.rights import is_nobodys
from ui.values import exact, spelled

RISKS = {"high": ("High risk", "bad"), "medium": ("Medium risk", "warn"), "low": ("Low risk", "ok")}
_INSTANTS = ("agreed_at", "objected_at", "written_due_at", "written_at")


def described(change: Change, member: Member) -> dict[str, Any]:
    """The context. Load the change with `systems__system` and `links`."""
    return {
        "systems": sorted((row.system for row in change.systems.all()), key=lambda one: one.name.lower()),
        "risk": RISKS.get(change.risk),
        "assessment": assess(change.answers, change.kind),
        "planned": planned(change),
        "outside_window": beside_window(change),
        "review_is": standing_of_review(change),
        "whoever_asked": "Whoever runs changes: nobody known here asked for it" if is_nobodys(change) else "Whoever asked for it",
        "at": {name: exact(at) for name in _INSTANTS if (at := getattr(change, name)) is not None},
        "may_read_systems": member.can("systems.read"),
    }


def planned(change: Change) -> str:
    """From when until when, in the organization's zone; empty when nobody said."""
    if change.window_from and change.window_until:
        starts, until = timezone.localtime(change.window_from), timezone.localtime(change.window_until)
        if starts.date() == until.date() and starts.utcoffset() == until.utcoffset():
            return f"{spelled(starts)}, {starts:%H:%M} to {until:%H:%M %Z}"
        return f"{exact(change.window_from)} to {exact(change.window_until)}"
    return f"From {exact(change.window_from)}" if change.window_from else ""
