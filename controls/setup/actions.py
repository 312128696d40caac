"""Setting up: the period, the controls with their owners, and the year that follows from them, in one transaction."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from accounts.models import Member
from audit.actions import action
from audit.record import record
from controls.catalogue.adopting import adopt, adopted_keys
from controls.library import LIBRARY
from controls.models import AuditPeriod, Control
from controls.periods.actions import create_period
from controls.setup.owners import people_for
from tenancy.models import Organization
from ui.refusals import ActionRefused


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What somebody decided on: a period that is there, or the fields of a new one.

    `owners` has a value of a form for each role: see `controls.setup.owners.people_for`.
    """

    keys: Collection[str]
    in_scope_since: dt.date
    period: AuditPeriod | None = None
    new_period: Mapping[str, Any] = field(default_factory=dict)
    owners: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Made:
    """What came of it: the period, whether it is new, the controls that were adopted, and how many were there before."""

    period: AuditPeriod
    is_new: bool
    adopted: list[Control]
    present: int


def set_up(plan: Plan, *, actor: Member) -> Made:
    """Do what the plan says and is not done yet; doing it again does nothing. Raises ActionRefused, then nothing is kept.

    Two who set up at the same time wait for each other.
    """
    if not actor.can("controls.write"):
        raise ActionRefused("Your role does not allow this.")
    organization = Organization.objects.select_for_update(no_key=True).get(pk=actor.organization_id)
    already = adopted_keys()
    lacking = [key for key in LIBRARY if key in plan.keys and key not in already]
    period = plan.period or equal_period(plan.new_period)
    present = len(set(plan.keys) & already)
    if period is not None and not lacking:
        return Made(period, is_new=False, adopted=[], present=present)
    return _set_up(plan, lacking, period, actor=actor, organization=organization)


@action
def _set_up(plan: Plan, lacking: list[str], period: AuditPeriod | None, *, actor: Member, organization: Organization) -> Made:
    is_new = period is None
    if period is None:
        period = create_period(actor=actor, **plan.new_period)
    adopted: list[Control] = []
    if lacking:
        owners = people_for(plan.owners, actor=actor)
        adopted = adopt(lacking, actor=actor, owners=owners, in_scope_since=plan.in_scope_since)
    present = len(set(plan.keys)) - len(lacking)
    unowned = sum(control.owner_id is None for control in adopted)
    after = {"period": period.name, "controls adopted": len(adopted), "without an owner": unowned, "there before": present}
    record("organization.set_up", organization, actor=actor, after=after)
    return Made(period, is_new, adopted, present)


def equal_period(fields: Mapping[str, Any]) -> AuditPeriod | None:
    """The open period that is the very one described: of this name, type and days."""
    same = {name: fields[name] for name in ("name", "kind", "starts_on", "ends_on")}
    return AuditPeriod.objects.filter(status=AuditPeriod.Status.OPEN, **same).first()
