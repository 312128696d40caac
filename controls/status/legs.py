"""What a leg of a control stands on beside linked evidence: higher areas say so, such as policies of the policy leg."""

import datetime as dt
import uuid
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import reduce

from controls.models import Control
from controls.models.control import Leg
from controls.status.rules import NOTHING, LegFacts
from ui.components import Badge

Ids = Collection[uuid.UUID] | None


@dataclass(frozen=True, slots=True)
class Document:
    """Something that a leg stands on, for the page of the control."""

    name: str
    url: str
    standing: Badge


Counted = Callable[[Ids, dt.date], Mapping[uuid.UUID, LegFacts]]
Shown = Callable[[Control, dt.date], Iterable[Document]]
_counted: dict[Leg, list[Counted]] = {leg: [] for leg in Leg}
_shown: dict[Leg, list[Shown]] = {leg: [] for leg in Leg}


def register_leg(leg: Leg, counted: Counted, shown: Shown) -> None:
    """Let an area say what else a leg stands on; call it when the app is ready.

    `counted(control_ids, day)` gives it of the controls named, or of all, in one query; whoever registers it derives the
    states of those controls anew (`controls.status.keep.refresh`) when it changes. `shown(control, day)` gives what is read.
    """
    if counted not in _counted[leg]:
        _counted[leg].append(counted)
        _shown[leg].append(shown)


def counted_for(control_ids: Ids, day: dt.date) -> Callable[[uuid.UUID, Leg], LegFacts]:
    """What is there beside evidence of the controls named, or of all: (control's id, leg) -> how much."""
    found = {leg: [counted(control_ids, day) for counted in _counted[leg]] for leg in Leg}
    return lambda key, leg: reduce(LegFacts.__add__, (one.get(key, NOTHING) for one in found[leg]), NOTHING)


def shown_for(control: Control, leg: Leg, day: dt.date) -> list[Document]:
    """The same for the page of one control."""
    return [document for shown in _shown[leg] for document in shown(control, day)]
