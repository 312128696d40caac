"""The first of the seven kinds of documentation: the system description and management's assertion."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import Max
from django.urls import reverse

from controls.binder.documents import Document, Presence, of_all
from controls.binder.gathering import texts
from controls.binder.sections import SECTIONS
from controls.binder.writing import current_diagrams
from controls.models import AuditPeriod, DescriptionApproval, Diagram, SystemDescription, SystemFlow
from inventory.models import System

YEAR = dt.timedelta(days=365)


def description(period: AuditPeriod, day: dt.date) -> Iterator[Document]:
    """Texts, diagrams, the frozen whole and the assertion."""
    yield _texts(day)
    yield from _diagrams(day)
    frozen = SystemDescription.objects.filter(period=period).prefetch_related("assertions").first()
    yield _frozen(frozen)
    signed = frozen is not None and any(frozen.assertions.all())
    note = "" if frozen is None else f"On {frozen}." if signed else f"{frozen} is not signed."
    url = frozen.get_absolute_url() if frozen else reverse("controls:description")
    yield Document("Management's assertion", Presence.PRESENT if signed else Presence.MISSING, note, url)


def _texts(day: dt.date) -> Document:
    """Stale when a text was approved more than a year ago: nobody has stood by it since."""
    required = [key for key, section in SECTIONS.items() if section.required]
    known = texts()
    approved = [pair[1] for key, pair in known.items() if key in required and pair[1] is not None]
    old = sum(one.approvals.all()[0].approved_at.date() < day - YEAR for one in approved)
    url = reverse("controls:description")
    if old and len(approved) == len(required):
        return Document("Texts approved", Presence.STALE, f"{old} approved more than a year ago.", url)
    return Document("Texts approved", of_all(len(approved), len(required)), f"{len(approved)} of {len(required)}", url)


def _diagrams(day: dt.date) -> Iterator[Document]:
    given = current_diagrams()
    kinds = set(SystemFlow.objects.filter(status=SystemFlow.Status.ACTIVE).order_by().values_list("kind", flat=True).distinct())
    drawn = {
        Diagram.Kind.ARCHITECTURE: System.objects.filter(status=System.Status.ACTIVE).exists(),
        Diagram.Kind.DATA_FLOW: SystemFlow.Kind.DATA in kinds,
        Diagram.Kind.INTEGRATION: bool(kinds & {SystemFlow.Kind.ACCESS, SystemFlow.Kind.INTEGRATION}),
    }
    for kind in Diagram.Kind:
        name, url = f"{kind.label} diagram", f"{reverse('controls:description')}#{kind.value}"
        one = given.get(kind.value)
        if one is not None and one.evidence.expires_on is not None and one.evidence.expires_on < day:
            yield Document(name, Presence.STALE, f"{one.evidence.reference} is out of date.", url)
        elif one is not None:
            yield Document(name, Presence.PRESENT, one.evidence.reference, url)
        else:
            there = drawn[kind]
            note = "Drawn from the systems in use." if there else ""
            yield Document(name, Presence.PRESENT if there else Presence.MISSING, note, url)


def _frozen(frozen: SystemDescription | None) -> Document:
    """Stale when a text was approved since."""
    if frozen is None:
        return Document("Frozen for this period", Presence.MISSING, "", reverse("controls:description"))
    latest = DescriptionApproval.objects.aggregate(last=Max("approved_at"))["last"]
    if latest is not None and latest > frozen.made_at:
        return Document(
            "Frozen for this period", Presence.STALE, f"Texts were approved since {frozen}.", frozen.get_absolute_url()
        )
    count = frozen.open_points
    note = f"{frozen}, with {count} open point{'s' if count > 1 else ''}." if count else f"{frozen}."
    presence = Presence.INCOMPLETE if count else Presence.PRESENT
    return Document("Frozen for this period", presence, note, frozen.get_absolute_url())
