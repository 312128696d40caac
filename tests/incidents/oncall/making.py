"""Schedules, policies and channels, by the product's own actions."""

import datetime as dt
from typing import Any

from accounts.models import Member
from incidents.models import AlertChannel, EscalationPolicy, OnCallSchedule
from incidents.oncall import actions, channels, policies
from tenancy.models import current_organization

ROTATION = {"zone": "Europe/Berlin", "every": 1, "unit": "week", "hands_over_at": dt.time(9)}


def a_schedule(actor: Member, *members: Member, fallback: Member | None = None, **given: Any) -> OnCallSchedule:
    """A week each, from a Monday two weeks ago on."""
    today = current_organization().today()
    monday = today - dt.timedelta(days=today.weekday() + 14)
    facts = {"name": "Platform", "starts_on": monday, **ROTATION, **given}
    return actions.create_schedule(actor=actor, members=list(members), fallback=fallback or actor, **facts)


def a_policy(actor: Member, *steps: tuple[list[str], int], **given: Any) -> EscalationPolicy:
    """Of high ones, unless it is said."""
    policy = policies.create_policy(actor=actor, **{"name": "Nights", "severities": ["high"], "kinds": [], "repeats": 1, **given})
    for targets, minutes in steps:
        policies.put_step(policy, actor=actor, targets=targets, minutes=minutes)
    return policy


def a_webhook(actor: Member, url: str, **given: Any) -> AlertChannel:
    """A channel that is called."""
    return channels.create_channel(actor=actor, **{"name": "Hook", "kind": "webhook", "url": url, **given})
