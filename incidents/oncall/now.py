"""Who is on call at a moment, why it is they, and who comes next."""

import datetime as dt
from dataclasses import dataclass

from accounts.models import Member
from incidents.models import OnCallSchedule
from incidents.oncall.plan import Plan, Span, Why, plans_of

AHEAD = dt.timedelta(weeks=8)


@dataclass(frozen=True, slots=True)
class OnCall:
    """Who is on call, until when unless something changes, and why it is they."""

    member: Member
    until: dt.datetime
    why: Why


def in_use() -> list[OnCallSchedule]:
    """Schedules in use, the default one first."""
    schedules = OnCallSchedule.objects.filter(status=OnCallSchedule.Status.ACTIVE)
    return list(schedules.select_related("fallback__user", "fallback__organization"))


def on_call(schedule: OnCallSchedule, at: dt.datetime) -> OnCall:
    """Who is on call by a schedule. Never nobody: the fallback where all else fails."""
    return _said(_ahead(schedule, at)[0])


def next_on_call(schedule: OnCallSchedule, at: dt.datetime) -> tuple[dt.datetime, OnCall] | None:
    """Who comes after, and from when; None where nobody else does in the coming eight weeks."""
    return following(_ahead(schedule, at))


def following(spans: list[Span]) -> tuple[dt.datetime, OnCall] | None:
    """The first of these who is somebody else than the first."""
    other = next((span for span in spans if span.member.pk != spans[0].member.pk), None)
    return (other.begins, _said(other)) if other else None


def whoever(at: dt.datetime) -> Member | None:
    """Who is on call at a moment by the organization's default schedule; None where nobody has made one."""
    schedule = OnCallSchedule.objects.filter(is_default=True).select_related("fallback__user", "fallback__organization").first()
    return _plan(schedule, at).at(at).member if schedule else None


def _ahead(schedule: OnCallSchedule, at: dt.datetime) -> list[Span]:
    return _plan(schedule, at).spans(at, at + AHEAD)


def _plan(schedule: OnCallSchedule, at: dt.datetime) -> Plan:
    return plans_of([schedule], at, at + AHEAD)[0]


def _said(span: Span) -> OnCall:
    return OnCall(span.member, span.ends, span.why)
