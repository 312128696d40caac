"""What the page of an incident shows of its timeline."""

import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from accounts.models import Member
from evidence.previews.pictures import IMAGES
from incidents.models import Incident, IncidentEntry
from incidents.rights import may_work
from incidents.timeline.forms import EntryForm

LATEST = 15  # so many lines stand on the page of the incident, all of them on their own
TOLD = "told"  # what people and tools wrote, without what the product says of each move
LATE = dt.timedelta(minutes=5)  # a line written later than this says when it was written


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it holds now, with what it said before: the oldest first."""

    entry: IncidentEntry
    before: tuple[IncidentEntry, ...]
    new_day: bool

    @property
    def written_later(self) -> bool:
        """Whether it was written well after it happened."""
        return self.entry.recorded_at - self.entry.at > LATE

    @property
    def is_picture(self) -> bool:
        """Whether its file can be shown."""
        return self.entry.file is not None and self.entry.file.content_type in IMAGES


def timeline_of(
    incident: Incident, member: Member, kind: str = "", form: EntryForm | None = None, *, whole: bool = False
) -> dict[str, Any]:
    """The `data` of templates/incidents/timeline.html, the latest lines of it or the whole; `kind` shows one kind only."""
    chosen = kind if kind in {*IncidentEntry.Kind.values, TOLD} else ""
    writes, kinds = may_work(member, incident), _kinds(incident)
    lines = list(lines_of(incident, chosen))
    shown = lines if whole else lines[:LATEST]
    return {
        "lines": shown,
        "found": len(lines),
        "hidden": len(lines) - len(shown),
        "told": sum(number for value, _, number in kinds if value != IncidentEntry.Kind.STATUS),
        "kinds": kinds,
        "chosen_kind": chosen,
        "total": sum(number for _, _, number in kinds),
        "may_correct": writes,
        "may_read_evidence": member.can("evidence.read"),
        "entry_form": (form or EntryForm(auto_id="line_%s")) if writes and not incident.is_over else None,
    }


def lines_of(incident: Incident, kind: str = "") -> Iterator[Line]:
    """What holds now, the latest first, with what it said before; one query."""
    entries = list(entries_of(incident))
    by_key = {one.pk: one for one in entries}
    corrected = {one.corrects_id for one in entries if one.corrects_id}
    day: dt.date | None = None
    for entry in reversed(entries):
        if entry.pk in corrected or not _wanted(entry, kind):
            continue
        local = timezone.localdate(entry.at)
        yield Line(entry, _before(entry, by_key), new_day=local != day)
        day = local


def _wanted(entry: IncidentEntry, kind: str) -> bool:
    return entry.kind != IncidentEntry.Kind.STATUS if kind == TOLD else not kind or entry.kind == kind


def entries_of(incident: Incident) -> QuerySet[IncidentEntry]:
    """All that was ever written, in the order in which it happened."""
    return IncidentEntry.objects.filter(incident=incident).select_related("file", "evidence", "recorded_by__user")


def _before(entry: IncidentEntry, by_key: dict[uuid.UUID, IncidentEntry]) -> tuple[IncidentEntry, ...]:
    found: list[IncidentEntry] = []
    while entry.corrects_id is not None:
        entry = by_key[entry.corrects_id]
        found.append(entry)
    return tuple(reversed(found))


def _kinds(incident: Incident) -> list[tuple[str, str, int]]:
    """The kinds that there are lines of, with how many."""
    rows = incident.entries.filter(Q(corrections=None)).order_by().values("kind").annotate(number=Count("pk"))
    counts = {row["kind"]: row["number"] for row in rows}
    return [(value, label, counts[value]) for value, label in IncidentEntry.Kind.choices if value in counts]
