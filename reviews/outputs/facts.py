"""What follows from a report's data: counts with their denominators, and what needs attention. Pure functions."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from evidence.printing.words import Clock
from reviews.outputs.data import ItemRow, RemovalRow, ReportData

VERIFIED = frozenset({"verified_removed", "verified_changed"})
ONE_ACT_SECONDS = 60
BULK_FROM = 10


@dataclass(frozen=True, slots=True)
class Tally:
    """Decisions counted: of a system, of a reviewer, or of the whole review."""

    name: str
    total: int
    keep: int
    remove: int
    change: int
    not_decided: int
    flagged: int
    flagged_kept: int
    privileged: int
    in_bulk: int

    @property
    def decided(self) -> int:
        """Decided one way or the other."""
        return self.keep + self.remove + self.change

    @property
    def to_do(self) -> int:
        """To be removed or changed."""
        return self.remove + self.change

    def width(self, part: int) -> float:
        """How much of a bar a part takes, in percent."""
        return round(100 * part / self.total, 2) if self.total else 0

    @property
    def bar(self) -> list[tuple[str, float]]:
        """The parts as (name, width), together 100."""
        parts = (("keep", self.keep), ("remove", self.remove), ("change", self.change), ("open", self.not_decided))
        return [(name, self.width(part)) for name, part in parts if part]


@dataclass(frozen=True, slots=True)
class Reviewer:
    """What one person decided, and between when."""

    tally: Tally
    first_at: str
    last_at: str
    after_due: int

    @property
    def name(self) -> str:
        """The person."""
        return self.tally.name

    @property
    def kept_all_at_once(self) -> bool:
        """Whether everything was kept in bulk, within a minute: worth a second look."""
        tally = self.tally
        if tally.total < BULK_FROM or tally.keep < tally.total or tally.in_bulk < tally.total:
            return False
        span = dt.datetime.fromisoformat(self.last_at) - dt.datetime.fromisoformat(self.first_at)
        return span.total_seconds() <= ONE_ACT_SECONDS


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Removals counted by what became of them."""

    total: int
    verified: int
    accepted: int
    still_active: int
    waiting: int
    on_time: int
    late: list[RemovalRow]
    reopened: int


def tally(name: str, items: Iterable[ItemRow]) -> Tally:
    """Count the decisions of some items."""
    rows = list(items)
    decisions = Counter(row.decision for row in rows)
    return Tally(
        name=name,
        total=len(rows),
        keep=decisions["retain"],
        remove=decisions["revoke"],
        change=decisions["modify"],
        not_decided=len(rows) - decisions["retain"] - decisions["revoke"] - decisions["modify"],
        flagged=sum(1 for row in rows if row.flags),
        flagged_kept=sum(1 for row in rows if row.flags and row.decision == "retain"),
        privileged=sum(1 for row in rows if row.privileged),
        in_bulk=sum(1 for row in rows if row.in_bulk and row.decision == "retain"),
    )


def by_system(data: ReportData) -> list[Tally]:
    """One tally for each system, in the report's order."""
    grouped: dict[str, list[ItemRow]] = {facts.name: [] for facts in data.systems}
    for row in data.items:
        grouped.setdefault(row.system, []).append(row)
    return [tally(name, rows) for name, rows in grouped.items()]


def by_reviewer(data: ReportData) -> list[Reviewer]:
    """Who decided what, by name; rows recorded as not decided stand with whoever was asked."""
    clock = Clock(data.zone)
    grouped: dict[str, list[ItemRow]] = defaultdict(list)
    for row in data.items:
        who = row.reviewer if row.decision in {"", "not_decided"} else row.decided_by
        grouped[who or "Nobody could be asked"].append(row)
    return [_reviewer(name, rows, data.campaign.due_on, clock) for name, rows in sorted(grouped.items())]


def _reviewer(name: str, rows: list[ItemRow], due: str, clock: Clock) -> Reviewer:
    times = sorted(row.decided_at for row in rows if row.decision not in {"", "not_decided"} and row.decided_at)
    late = sum(1 for moment in times if clock.days_late(due, moment))
    return Reviewer(tally(name, rows), times[0] if times else "", times[-1] if times else "", late)


def flagged_kept(data: ReportData) -> list[ItemRow]:
    """Rows that deserved a second look and were kept; each has a reason in words."""
    return [row for row in data.items if row.flags and row.decision == "retain"]


def not_decided(data: ReportData) -> list[ItemRow]:
    """Rows signed off without a decision; each has a reason in words."""
    return [row for row in data.items if row.decision in {"", "not_decided"}]


def to_do(data: ReportData) -> list[ItemRow]:
    """Rows to be removed or changed."""
    return [row for row in data.items if row.decision in {"revoke", "modify"}]


def reported_done(removal: RemovalRow) -> str:
    """When it was done as far as anybody knows: as claimed, else as of the export that proves it."""
    return removal.claimed_at or (removal.proof_as_of if removal.status in VERIFIED else "")


def outcomes(data: ReportData) -> Outcomes:
    """What became of the removals."""
    clock = Clock(data.zone)
    rows = data.removals
    states = Counter(row.status for row in rows)
    verified = [row for row in rows if row.status in VERIFIED]
    late = [row for row in verified if clock.days_late(row.due_on, reported_done(row))]
    return Outcomes(
        total=len(rows),
        verified=len(verified),
        accepted=states["accepted"],
        still_active=states["still_active"],
        waiting=len(rows) - len(verified) - states["accepted"] - states["still_active"],
        on_time=len(verified) - len(late),
        late=late,
        reopened=sum(1 for row in rows if row.times_reopened),
    )
