"""What changed from one gap analysis to a later one. Pure."""

from dataclasses import dataclass

from controls.gaps.data import Gap, Snapshot
from controls.gaps.rules import ORDER


@dataclass(frozen=True, slots=True)
class Moved:
    """A gap that was there before and is more or less urgent, or has other reasons."""

    gap: Gap
    before: Gap

    @property
    def worse(self) -> bool:
        """Whether it is more urgent than it was."""
        return ORDER[self.gap.priority] < ORDER[self.before.priority]

    @property
    def words(self) -> str:
        """What is different."""
        if self.gap.priority != self.before.priority:
            return f"{'more' if self.worse else 'less'} urgent: {self.gap.priority}, was {self.before.priority}"
        gone = [reason for reason in self.before.reasons if reason not in self.gap.reasons]
        new = [reason for reason in self.gap.reasons if reason not in self.before.reasons]
        return "; ".join([*(f"new: {one}" for one in new), *(f"solved: {one}" for one in gone)])


@dataclass(frozen=True, slots=True)
class Difference:
    """From an earlier analysis to a later one. Gaps that only exist because scope changed are among new and closed."""

    earlier: Snapshot
    later: Snapshot
    new: list[Gap]
    closed: list[Gap]
    moved: list[Moved]
    unchanged: int
    entered: list[str]
    left: list[str]

    @property
    def points(self) -> int | None:
        """Percentage points of readiness gained; None when one of the two has none."""
        before, after = (one.figures["overallCompliance"] for one in (self.earlier, self.later))
        return None if before is None or after is None else after - before

    @property
    def sentence(self) -> str:
        """The difference in one sentence."""
        if self.earlier.readiness == self.later.readiness and not (self.new or self.closed or self.moved):
            return f"Nothing changed: readiness is {self.later.readiness}."
        closed = "1 gap was closed" if len(self.closed) == 1 else f"{len(self.closed):,} gaps were closed"
        new = "1 is new" if len(self.new) == 1 else f"{len(self.new):,} are new"
        return f"Readiness went from {self.earlier.readiness} to {self.later.readiness}; {closed}, {new}."


def difference(earlier: Snapshot, later: Snapshot) -> Difference:
    """What changed."""
    before, after = ({gap.key: gap for gap in one.gaps} for one in (earlier, later))
    were, are = ({row.id: row.code for row in one.controls} for one in (earlier, later))
    both = [(after[key], before[key]) for key in after if key in before]
    moved = [Moved(gap, old) for gap, old in both if (gap.priority, gap.reasons) != (old.priority, old.reasons)]
    return Difference(
        earlier=earlier,
        later=later,
        new=[gap for key, gap in after.items() if key not in before],
        closed=[gap for key, gap in before.items() if key not in after],
        moved=moved,
        unchanged=len(both) - len(moved),
        entered=sorted(code for key, code in are.items() if key not in were),
        left=sorted(code for key, code in were.items() if key not in are),
    )
