"""Who is on call at a moment, and why it is they."""

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from accounts.models import Member

Why = Literal["rotation", "override", "fallback"]


@dataclass(frozen=True, slots=True)
class OnCall:
    """Who is on call, until when unless something changes, and why it is they."""

    member: Member
    until: dt.datetime
    why: Why


def whoever(at: dt.datetime) -> Member | None:
    """Who is on call at a moment by the organization's default schedule; None where nobody has made one."""
    return None
