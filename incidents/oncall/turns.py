"""Whose turn it is by a rotation, in local days and hours of its zone.

A hand-over is at its local hour on its day, whatever the clocks do: where the hour is skipped, as late after midnight
as it says (02:30 becomes 03:30); where it comes twice, the first time (PEP 495, fold 0).
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from zoneinfo import ZoneInfo

from accounts.models import Member


@dataclass(frozen=True)
class Rotation:
    """Members one after the other: each for `days` local days from `starts_on` at `hands_over_at` on."""

    in_force_from: dt.datetime
    zone: str
    days: int
    starts_on: dt.date
    hands_over_at: dt.time
    members: Sequence[Member]

    @cached_property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    def begins(self, turn: int) -> dt.datetime:
        """The instant, in UTC, at which a turn begins; the first is turn 0."""
        day = self.starts_on + dt.timedelta(days=self.days * turn)
        return dt.datetime.combine(day, self.hands_over_at, self._zone).astimezone(dt.UTC)

    def turn_at(self, at: dt.datetime) -> int:
        """The turn that an instant lies in; negative before the first."""
        turn = (at.astimezone(self._zone).date() - self.starts_on).days // self.days
        while self.begins(turn) > at:
            turn -= 1
        while self.begins(turn + 1) <= at:
            turn += 1
        return turn

    def member_at(self, at: dt.datetime) -> Member | None:
        """Whose turn it is; nobody's before the first."""
        turn = self.turn_at(at)
        return self.members[turn % len(self.members)] if turn >= 0 and self.members else None

    def hand_overs(self, begins: dt.datetime, ends: dt.datetime) -> list[dt.datetime]:
        """The instants after `begins` and before `ends` at which it is handed over."""
        turn, found = max(self.turn_at(begins) + 1, 0), []
        while (moment := self.begins(turn)) < ends:
            found.append(moment)
            turn += 1
        return found
