"""The seven kinds of documentation an audit asks for: which are there, missing or stale. Higher areas add what they hold."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.db import models

from controls.models import AuditPeriod
from ui.components import Badge, Tone


class Presence(models.TextChoices):
    """Whether a document is there and counts."""

    PRESENT = "present", "Present"
    INCOMPLETE = "incomplete", "Incomplete"
    STALE = "stale", "Stale"
    NOT_EVALUABLE = "not_evaluable", "Could not be evaluated"
    MISSING = "missing", "Missing"


_TONES: dict[str, Tone] = {"present": "ok", "incomplete": "warn", "stale": "warn", "not_evaluable": "warn", "missing": "bad"}
# Of several documents the first of these that is found stands for all of them.
_GRAVEST = (Presence.INCOMPLETE, Presence.MISSING, Presence.NOT_EVALUABLE, Presence.STALE)


@dataclass(frozen=True, slots=True)
class Document:
    """Something that belongs to a kind: its name, whether it is there, why not, and where it is or is made."""

    name: str
    presence: Presence
    note: str = ""
    url: str = ""

    @property
    def badge(self) -> Badge:
        """Its presence as a word in a tone."""
        return Badge(str(self.presence.label), _TONES[self.presence])


@dataclass(frozen=True, slots=True)
class Shelf:
    """One of the seven kinds with its documents."""

    key: str
    title: str
    documents: Sequence[Document]

    @property
    def presence(self) -> Presence:
        """Missing when nothing is there, incomplete when something is not; then what nobody can tell, what is out of date."""
        found = {document.presence for document in self.documents}
        if found <= {Presence.MISSING}:
            return Presence.MISSING
        gravest = next((one for one in _GRAVEST if one in found), Presence.PRESENT)
        return Presence.INCOMPLETE if gravest == Presence.MISSING else gravest

    @property
    def badge(self) -> Badge:
        """The same as a word in a tone."""
        return Badge(str(self.presence.label), _TONES[self.presence])


KINDS: dict[str, str] = {
    "description": "System description and management's assertion",
    "policies": "Policies and procedures",
    "risk": "Annual risk assessment",
    "controls": "Control documentation",
    "testing": "Testing evidence",
    "incidents": "Incident reports",
    "vendors": "Vendor files",
}
Provider = Callable[[AuditPeriod, dt.date], Iterable[Document]]
_providers: dict[str, list[Provider]] = defaultdict(list)


def register_documents(kind: str, provider: Provider) -> None:
    """Add what an area holds of a kind; call it when the app is ready. Raises KeyError for a kind that is none of the seven.

    `provider(period, day)` is called in the organization's scope, with few queries whatever the number of rows.
    """
    if kind not in KINDS:
        raise KeyError(kind)
    if provider not in _providers[kind]:
        _providers[kind].append(provider)


def shelves_of(period: AuditPeriod, day: dt.date) -> list[Shelf]:
    """All seven in their order."""
    return [
        Shelf(kind, title, [document for provider in _providers[kind] for document in provider(period, day)])
        for kind, title in KINDS.items()
    ]


def of_all(part: int, whole: int) -> Presence:
    """Of a number that is complete at `whole`."""
    if not part:
        return Presence.MISSING
    return Presence.PRESENT if part >= whole else Presence.INCOMPLETE
