"""Who is on call, laid out for reading: now and next, the gaps, and the coming weeks as a calendar and as a table."""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from accounts.models import Member
from incidents.models import OnCallOverride, OnCallSchedule
from incidents.oncall.now import AHEAD, OnCall, following, in_use
from incidents.oncall.plan import Plan, Span, plans_of
from tenancy.models import current_organization

WEEKS = 8


@dataclass(frozen=True, slots=True)
class Card:
    """One schedule, in short."""

    schedule: OnCallSchedule
    now: Span
    next: tuple[dt.datetime, OnCall] | None
    gaps: list[Span]
    is_me: bool


@dataclass(frozen=True, slots=True)
class Part:
    """Somebody's part of a day, from a local hour on; `hour` is empty where it began before."""

    member: Member
    hour: str
    why: str
    is_gap: bool
    is_me: bool


@dataclass(frozen=True, slots=True)
class Day:
    """A local day of the calendar."""

    date: dt.date
    is_today: bool
    is_past: bool
    parts: list[Part]


def cards(member: Member, at: dt.datetime) -> list[Card]:
    """Every schedule in use. Seven queries, however many."""
    found = []
    for plan in plans_of(in_use(), at, at + AHEAD):
        spans = plan.spans(at, at + AHEAD)
        gaps = [span for span in spans if span.gap]
        found.append(Card(plan.schedule, spans[0], following(spans), gaps, spans[0].member.pk == member.pk))
    return found


def plan_of(schedule: OnCallSchedule, at: dt.datetime) -> Plan:
    """What a schedule says from the beginning of this week to the end of the eighth."""
    begins, ends = _weeks(at)
    return plans_of([schedule], begins, ends)[0]


def weeks(plan: Plan, member: Member, at: dt.datetime) -> list[list[Day]]:
    """Eight weeks from Monday on, in the organization's days."""
    begins, ends = _weeks(at)
    zone, today = ZoneInfo(current_organization().zone), current_organization().today()
    spans, days = plan.spans(begins, ends), []
    first = begins.astimezone(zone).date()
    since = plan.rotations[0].in_force_from  # nobody was meant to be on call before there was a schedule
    for number in range(7 * WEEKS):
        date = first + dt.timedelta(days=number)
        starts, until = _midnight(date, zone), _midnight(date + dt.timedelta(days=1), zone)
        there = [span for span in spans if span.begins < until and span.ends > max(starts, since)]
        parts = [_part(span, starts, zone, member) for span in there]
        days.append(Day(date, date == today, date < today, parts))
    return [days[start : start + 7] for start in range(0, len(days), 7)]


def coming(plan: Plan, at: dt.datetime) -> list[Span]:
    """The same as a table, from now on."""
    return plan.spans(at, _weeks(at)[1])


def overrides_of(schedule: OnCallSchedule, at: dt.datetime) -> list[OnCallOverride]:
    """Those that hold or are to come."""
    rows = OnCallOverride.objects.filter(schedule=schedule, status=OnCallOverride.Status.SET, ends_at__gt=at)
    return list(rows.select_related("member__user", "made_by__user"))


def _part(span: Span, starts: dt.datetime, zone: ZoneInfo, member: Member) -> Part:
    hour = f"{span.begins.astimezone(zone):%H:%M}" if span.begins > starts else ""
    return Part(span.member, hour, span.gap or span.why_words, bool(span.gap), span.member.pk == member.pk)


def _weeks(at: dt.datetime) -> tuple[dt.datetime, dt.datetime]:
    zone, today = ZoneInfo(current_organization().zone), at.astimezone(ZoneInfo(current_organization().zone)).date()
    monday = today - dt.timedelta(days=today.weekday())
    return _midnight(monday, zone), _midnight(monday + dt.timedelta(weeks=WEEKS), zone)


def _midnight(day: dt.date, zone: ZoneInfo) -> dt.datetime:
    return dt.datetime.combine(day, dt.time.min, zone).astimezone(dt.UTC)
