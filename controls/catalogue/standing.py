"""What a control stands on, leg by leg: each item of evidence once, however many occurrences it was supplied for."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from controls.models import Control, ControlEvidence, ControlTest, Occurrence
from controls.models.control import Cadence, Leg
from controls.models.state import Reason
from controls.status.legs import Document, shown_for
from evidence.freshness import badge as freshness_badge
from evidence.models import Evidence
from ui.components import Badge
from ui.values import spelled

SHOWN = 5  # items of a leg that are in sight; the others unfold
_ASKED_FOR = {Reason.NO_EVIDENCE.value, Reason.DESIGN_ONLY.value}


@dataclass(slots=True)
class Item:
    """An item of evidence with its freshness, and each link by which it stands for the leg, the latest occurrence first."""

    evidence: Evidence
    standing: Badge
    proofs: list[ControlEvidence] = field(default_factory=list)

    @property
    def labels(self) -> list[str]:
        """The occurrences it was supplied for."""
        return [proof.occurrence.label for proof in self.proofs if proof.occurrence]


@dataclass(frozen=True, slots=True)
class LegShown:
    """One of the four legs with what it stands on, evidence and what other areas hold; `note` says why where that is nothing."""

    key: str
    label: str
    needed: bool
    items: list[Item]
    note: str = ""
    documents: Sequence[Document] = ()

    @property
    def first(self) -> list[Item]:
        """What is in sight."""
        return self.items[:SHOWN]

    @property
    def rest(self) -> list[Item]:
        """What unfolds."""
        return self.items[SHOWN:]


def legs_of(control: Control, today: dt.date, proofs: QuerySet[ControlEvidence]) -> list[LegShown]:
    """The four legs, each with what is linked to it among `proofs`, the latest first."""
    by_leg: dict[str, dict[Any, Item]] = defaultdict(dict)
    linked = proofs.filter(control=control, status=ControlEvidence.Status.LINKED).select_related("evidence", "occurrence")
    for proof in linked.order_by("-evidence__collected_at", "-occurrence__ends_on"):
        items = by_leg[proof.leg]
        if proof.evidence_id not in items:
            items[proof.evidence_id] = Item(proof.evidence, freshness_badge(proof.evidence, today))
        items[proof.evidence_id].proofs.append(proof)
    return [_leg(control, value, label, list(by_leg[value].values()), today) for value, label in Leg.choices]


def _leg(control: Control, value: str, label: str, items: list[Item], today: dt.date) -> LegShown:
    needed = value in control.legs
    note = operation_note(control, today) if needed and not items and value == Leg.OPERATION else ""
    return LegShown(value, label, needed, items, note, shown_for(control, Leg(value), today))


def operation_note(control: Control, today: dt.date) -> str:
    """Why no evidence of operation is asked for; empty where it is, or where no state says so."""
    state = getattr(control, "state", None)
    if state is None or _ASKED_FOR & set(state.reasons):
        return ""
    if control.cadence == Cadence.CONTINUOUS:
        return f"It works continuously: tests of its configuration show that. {_tested(control, today)}"
    return "Nothing yet. It is asked for once the first occurrence of the period has fallen due."


def _tested(control: Control, today: dt.date) -> str:
    """The latest test that could tell, else by when there has to be one."""
    told = ControlTest.objects.filter(control=control, tested_on__lte=today).exclude(result=ControlTest.Result.NOT_EVALUABLE)
    if test := told.order_by("-tested_on", "-recorded_at").first():
        return f"The latest, on {spelled(test.tested_on)}: {test.get_result_display().lower()}."
    due = Occurrence.objects.filter(control=control, kind=Occurrence.Kind.CONFIGURATION, status=Occurrence.Status.OPEN)
    first = due.order_by("due_on").values_list("due_on", flat=True).first()
    return f"The first is due on {spelled(first)}." if first else "None is due yet."
