"""What a check of the trail found: faults in the order of the trail, what is worth knowing, and what could not be asked."""

import datetime as dt
import uuid
from dataclasses import dataclass, field
from enum import StrEnum

SHOWN = 20  # faults kept by name; all are counted
GRACE = dt.timedelta(minutes=10)  # what is younger may not be sealed, nor its head told to a witness, yet


class Kind(StrEnum):
    """What was done to the trail."""

    ALTERED = "altered"
    MISSING = "missing"
    INSERTED = "inserted"
    REORDERED = "reordered"
    TRUNCATED = "truncated"
    FORKED = "forked"
    COLUMN = "copied column differs"
    UNSEALED = "unsealed"


@dataclass(frozen=True, slots=True)
class Fault:
    """One of them. `position` is the event's place in the tree, from 0; `head` the number of a head."""

    kind: Kind
    words: str
    event: uuid.UUID | None = None
    position: int | None = None
    head: int | None = None


@dataclass(slots=True)
class Verdict:
    """The outcome. It is intact only where everything was asked and nothing was found."""

    at: dt.datetime
    events: int = 0
    heads: int = 0
    root: bytes = b""
    faults: list[Fault] = field(default_factory=list)
    found: int = 0
    notes: list[str] = field(default_factory=list)
    unasked: list[str] = field(default_factory=list)  # why something could not be evaluated

    def add(self, fault: Fault) -> None:
        """Count a fault, and keep it while there are few."""
        self.found += 1
        self.faults.append(fault)
        self.faults.sort(key=_place)
        del self.faults[SHOWN:]

    @property
    def first(self) -> Fault | None:
        """The first event at fault, or the first head where no event is named."""
        return self.faults[0] if self.faults else None

    @property
    def state(self) -> str:
        """ "intact", "broken" or "not_evaluable"."""
        if self.found:
            return "broken"
        return "not_evaluable" if self.unasked else "intact"


def _place(fault: Fault) -> tuple[bool, int, int, bool, int]:
    """What names an event stands before what names only a head; of one event what was done to its text before the rest."""
    rank = list(Kind).index(fault.kind)
    return fault.position is None, fault.position or 0, rank, fault.head is None, fault.head or 0
