"""Who is on call over a stretch of time: rotation, overrides and absences put together, read once and judged in Python."""

import datetime as dt
import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from typing import Literal
from zoneinfo import ZoneInfo

from django.db.models import Q

from accounts.models import Member
from incidents.models import OnCallOverride, OnCallRotation, OnCallSchedule, OnCallTurn
from incidents.models.oncall import Unit
from incidents.oncall.turns import Rotation
from incidents.rights import WORK
from incidents.settings import security_team
from tenancy.models import current_organization
from workflow.models import Absence

Why = Literal["rotation", "override", "fallback"]
WEEK = dt.timedelta(days=7)
_NO_TURN = "nobody's turn"


@dataclass(frozen=True, slots=True)
class Span:
    """Who is on call from one instant to another, why it is they, and why it is not who was meant to be."""

    begins: dt.datetime
    ends: dt.datetime
    member: Member
    why: Why
    gap: str = ""  # a sentence; empty when all is as planned

    @property
    def why_words(self) -> str:
        """Why it is they, in a word."""
        return {"rotation": "Rotation", "override": "Override", "fallback": "Fallback"}[self.why]


@dataclass(frozen=True, slots=True)
class _Away:
    member: uuid.UUID
    begins: dt.datetime
    ends: dt.datetime


@dataclass
class Plan:
    """What a schedule says, for instants of the stretch it was read for."""

    schedule: OnCallSchedule
    rotations: list[Rotation]
    overrides: list[OnCallOverride]
    away: list[_Away]
    team: list[Member] = field(default_factory=list)

    def at(self, moment: dt.datetime) -> Span:
        """Who is on call at an instant; `ends` is of no meaning."""
        member, why = self._planned(moment)
        reason = self._not_able(member, moment)
        if not reason and member is not None:
            return Span(moment, moment, member, why)
        return Span(moment, moment, self._fallback(moment), "fallback", reason)

    def spans(self, begins: dt.datetime, ends: dt.datetime) -> list[Span]:
        """Who is on call from one instant to another, one after the other and without a hole."""
        edges = sorted({begins, *(edge for edge in self._edges(begins, ends) if begins < edge < ends)})
        found: list[Span] = []
        for edge, until in zip(edges, [*edges[1:], ends], strict=True):
            span = replace(self.at(edge), ends=until)
            last = found[-1] if found else None
            if last and (last.member.pk, last.why, last.gap) == (span.member.pk, span.why, span.gap):
                found[-1] = replace(last, ends=until)
            else:
                found.append(span)
        return found

    def _edges(self, begins: dt.datetime, ends: dt.datetime) -> Iterable[dt.datetime]:
        for rotation in self.rotations:
            yield rotation.in_force_from
            yield from rotation.hand_overs(begins, ends)
        for override in self.overrides:
            yield from (override.starts_at, override.withdrawn_at or override.ends_at)
        for away in self.away:
            yield from (away.begins, away.ends)

    def _planned(self, at: dt.datetime) -> tuple[Member | None, Why]:
        for override in self.overrides:
            if override.starts_at <= at < min(override.ends_at, override.withdrawn_at or override.ends_at):
                return override.member, "override"
        rotation = next((one for one in reversed(self.rotations) if one.in_force_from <= at), None)
        return (rotation.member_at(at) if rotation else None), "rotation"

    def _not_able(self, member: Member | None, at: dt.datetime) -> str:
        if member is None:
            return "It is nobody's turn."
        if not member.is_active:
            return f"{member.name} has no access any more."
        if not member.can(WORK):
            return f"{member.name} may not work on incidents any more."
        return f"{member.name} is away." if self._is_away(member, at) else ""

    def _is_away(self, member: Member, at: dt.datetime) -> bool:
        return any(one.member == member.pk and one.begins <= at < one.ends for one in self.away)

    def _fallback(self, at: dt.datetime) -> Member:
        """The named person; where they cannot either, the first of the security team who can, or who is there at all."""
        named = self.schedule.fallback
        able = [one for one in (named, *self.team) if one.is_active and one.can(WORK) and not self._is_away(one, at)]
        return able[0] if able else next((one for one in self.team if one.is_active), named)


def plans_of(schedules: Collection[OnCallSchedule], begins: dt.datetime, ends: dt.datetime) -> list[Plan]:
    """A plan of each schedule (with their fallbacks loaded), good from one instant to another. Five queries, however many."""
    keys = [one.pk for one in schedules]
    rotations = _rotations(keys)
    overrides = OnCallOverride.objects.filter(schedule__in=keys, ends_at__gt=begins, starts_at__lt=ends)
    of_people = overrides.filter(Q(withdrawn_at=None) | Q(withdrawn_at__gt=begins)).select_related(
        "member__user", "member__organization"
    )
    given = sorted(of_people, key=lambda one: one.made_at, reverse=True)  # of two at once the later one counts
    away, team = _absences(begins, ends), security_team()
    return [
        Plan(one, rotations.get(one.pk, []), [each for each in given if each.schedule_id == one.pk], away, team)
        for one in schedules
    ]


def _rotations(keys: list[uuid.UUID]) -> dict[uuid.UUID, list[Rotation]]:
    members: dict[uuid.UUID, list[Member]] = {}
    turns = OnCallTurn.objects.filter(rotation__schedule__in=keys).select_related("member__user", "member__organization")
    for turn in turns.order_by("rotation", "position"):
        members.setdefault(turn.rotation_id, []).append(turn.member)
    found: dict[uuid.UUID, list[Rotation]] = {}
    for row in OnCallRotation.objects.filter(schedule__in=keys).order_by("in_force_from", "pk"):
        found.setdefault(row.schedule_id, []).append(as_rotation(row, members.get(row.pk, [])))
    return found


def as_rotation(row: OnCallRotation, members: list[Member]) -> Rotation:
    """A row as what it means."""
    days = row.every * (7 if row.unit == Unit.WEEK else 1)
    return Rotation(row.in_force_from, row.zone, days, row.starts_on, row.hands_over_at, members)


def _absences(begins: dt.datetime, ends: dt.datetime) -> list[_Away]:
    """Who is away, by whole days in the organization's zone."""
    zone = ZoneInfo(current_organization().zone)
    first, last = begins.astimezone(zone).date(), ends.astimezone(zone).date()
    rows = Absence.objects.filter(status=Absence.Status.SET, starts_on__lte=last, ends_on__gte=first)
    return [
        _Away(one.member_id, _midnight(one.starts_on, zone), _midnight(one.ends_on + dt.timedelta(days=1), zone)) for one in rows
    ]


def _midnight(day: dt.date, zone: ZoneInfo) -> dt.datetime:
    return dt.datetime.combine(day, dt.time.min, zone).astimezone(dt.UTC)
