"""Whom a step tells: targets as they are kept, as words, and as the people and channels they lead to at a moment."""

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from accounts.models import Member
from incidents.models import AlertChannel, OnCallSchedule
from incidents.oncall.now import on_call, whoever
from incidents.settings import named_team, runners
from tenancy.models import current_organization

ON_CALL, TEAM = "on_call", "team"
BY_TEAM, BY_RUNNING = "security team", "runs incidents"  # why somebody is told, where nobody named them
WORDS = {ON_CALL: "Whoever is on call (default schedule)", TEAM: "The security team"}


@dataclass(frozen=True, slots=True)
class Told:
    """Somebody, or a channel, and why it is they: completes "... because they are"."""

    why: str
    member: Member | None = None
    channel: AlertChannel | None = None

    @property
    def target(self) -> str:
        """As a notice keeps it."""
        return f"member:{self.member.pk}" if self.member else f"channel:{self.channel.pk if self.channel else ''}"

    @property
    def name(self) -> str:
        """Who, and why."""
        return (
            f"{(self.member or self.channel)} ({self.why})"
            if self.channel
            else f"{self.member.name if self.member else ''} ({self.why})"
        )


def led_to(targets: Sequence[str], at: dt.datetime) -> list[Told]:
    """The people and channels behind the targets, each once. Never nobody: where they lead to no one, whoever runs incidents."""
    found: dict[str, Told] = {}
    for target in targets:
        for told in _one(target, at):
            found.setdefault(told.target, told)
    if not any(told.member for told in found.values()) and not found:
        found = {told.target: told for told in (Told(BY_RUNNING, member=one) for one in runners())}
    return list(found.values())


def _one(target: str, at: dt.datetime) -> Iterable[Told]:
    kind, _, key = target.partition(":")
    if kind == TEAM:
        named = named_team()
        return [Told(BY_TEAM if named else BY_RUNNING, member=one) for one in named or runners()]
    if kind == ON_CALL:
        member = whoever(at)
        return [Told("on call", member=member)] if member else []
    if kind == "schedule":
        return _of_schedule(uuid.UUID(key), at)
    if kind == "channel":
        channels = AlertChannel.objects.filter(pk=key, status=AlertChannel.Status.ACTIVE)
        return [Told("channel", channel=one) for one in channels]
    members = Member.objects.active().filter(pk=key, organization=current_organization())
    return [Told("named in the policy", member=one) for one in members.select_related("user", "organization")]


def _of_schedule(key: uuid.UUID, at: dt.datetime) -> Iterable[Told]:
    schedules = OnCallSchedule.objects.filter(pk=key, status=OnCallSchedule.Status.ACTIVE)
    for schedule in schedules.select_related("fallback__user", "fallback__organization"):
        now = on_call(schedule, at)
        yield Told(f"on call, {schedule.name}", member=now.member)


def worded(targets: Iterable[str]) -> list[str]:
    """Targets as words, in their order. Two queries at most, and one for people."""
    listed = list(targets)
    keys = {kind: [uuid.UUID(one.partition(":")[2]) for one in listed if one.startswith(f"{kind}:")] for kind in _KINDS}
    names = dict(WORDS)
    for schedule in OnCallSchedule.objects.filter(pk__in=keys["schedule"]):
        names[f"schedule:{schedule.pk}"] = f"Whoever is on call for {schedule.name}"
    for channel in AlertChannel.objects.filter(pk__in=keys["channel"]):
        retired = " (retired)" if channel.status == AlertChannel.Status.RETIRED else ""
        names[f"channel:{channel.pk}"] = f"Channel {channel.name}{retired}"
    members = Member.objects.filter(pk__in=keys["member"], organization=current_organization()).select_related("user")
    names |= {f"member:{member.pk}": member.name for member in members}
    return [names.get(one, one) for one in listed]


_KINDS = ("schedule", "channel", "member")
