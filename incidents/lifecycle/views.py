"""The page of one incident."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from incidents.about import LIST
from incidents.lifecycle.editing import affected
from incidents.lifecycle.guidance import next_step
from incidents.lifecycle.moves import moves_of
from incidents.lifecycle.seeing import who_sees
from incidents.models import Incident, IncidentTime
from incidents.rights import EVERYBODY, events_visible_to, may_run, may_work, visible_to
from incidents.slots import PLACES, filled
from ui.screens import DetailScreen
from ui.values import exact

What = IncidentTime.What
RELATED = ("reported_by__user", "assigned_to__user", "commander__user", "scribe__user")


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody said of when it was."""

    at: str  # empty: it was withdrawn
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Moment:
    """One of its times: what holds, and what was said before, the latest first."""

    what: str
    label: str
    said: Said | None
    before: list[Said]
    url: str
    to_come: bool

    @property
    def holds(self) -> bool:
        """Whether it is known."""
        return self.said is not None and bool(self.said.at)

    @property
    def may_be_said(self) -> bool:
        """Whether it can be recorded by itself: the others come with a move."""
        return self.holds or self.what in {What.OCCURRED, What.DETECTED}


class IncidentDetail(DetailScreen):
    """One incident: what went wrong, where it stands, who is on it, and when was what."""

    permission = EVERYBODY
    template_name = "incidents/incident_detail.html"
    breadcrumbs = (LIST,)
    object: Incident

    def get_queryset(self) -> QuerySet[Any]:
        """What this member may see."""
        return visible_to(self.request.member).select_related(*RELATED)

    def get_title(self) -> str:
        """Number and title."""
        return f"{self.object.reference}: {self.object.title}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """All that the page says."""
        incident, member = self.object, self.request.member
        moves = moves_of(incident, member)
        tone, sentence = next_step(incident, moves.lacking, moves.going)
        works = may_work(member, incident)
        slots = {place: list(filled(place, incident, member)) for place in PLACES}
        return super().get_context_data(
            moves=moves,
            next_tone=tone,
            next_step=sentence,
            moments=moments_of(incident),
            systems=affected(incident),
            team=[row.member for row in incident.team.select_related("member__user").order_by("member__user__name")],
            seers=who_sees(incident) if incident.confidential else None,
            events=list(events_visible_to(member).filter(incident=incident)),
            may_work=works,
            may_edit=works and not incident.is_over,
            may_correct=may_run(member, incident) if incident.is_over else works,
            may_read_systems=member.can("systems.read"),
            slots=slots,
            jumps=[one for place in PLACES for one in slots[place] if one.title],
            **kwargs,
        )


def moments_of(incident: Incident) -> list[Moment]:
    """Its times in their order, each with what was said of it before."""
    rows = list(incident.times.all())
    found = []
    for what, label in What.choices:
        said = [_said(row) for row in rows if row.what == what][::-1]
        url = f"{reverse('incidents:times', args=[incident.pk])}?what={what}"
        found.append(Moment(what, label, said[0] if said else None, said[1:], url, _to_come(incident, what)))
    return found


def _to_come(incident: Incident, what: str) -> bool:
    """Whether it may still happen."""
    match what:
        case What.CLOSED:
            return not incident.is_over
        case What.CONTAINED:
            return incident.status in Incident.CONTAIN.sources
        case What.ACKNOWLEDGED | What.RESOLVED:
            return incident.is_ongoing
    return False


def _said(row: IncidentTime) -> Said:
    return Said(exact(row.at) if row.at else "", row.recorded_as, row.reason)
