"""People are asked to confirm a version: all of them by one statement, whether they are five or twenty thousand."""

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import connection

from accounts.models import Member
from audit.actions import action
from audit.actors import Actor
from audit.record import record
from inventory.models import Person
from policies.holding import hold
from policies.models import Acknowledgement, AcknowledgementCampaign, AcknowledgementRule, Policy, PolicyVersion
from policies.models.acknowledgement import Audience, spelled_out
from policies.rights import WRITE
from tenancy.measuring import plan_anew
from tenancy.models import current_organization
from tenancy.scope import current_tenant_id, now
from ui.refusals import ActionRefused, stated
from workflow.changes import change, differing

Origin = AcknowledgementCampaign.Origin
MANY = 1000  # so many rows make the planner's statistics wrong

# Why raw SQL: 20,000 people are asked in one statement. Each row's day is the campaign's, or so many days from joining.
_PEOPLE = """
FROM inventory_person p
WHERE p.tenant_id = %(tenant)s AND p.status <> 'left'
  AND (p.left_on IS NULL OR p.left_on >= %(today)s) AND (p.contract_ends_on IS NULL OR p.contract_ends_on >= %(today)s)
  AND (%(audience)s = 'everyone' OR %(audience)s = 'departments' AND p.department = ANY(%(departments)s)
       OR %(audience)s = 'groups' AND (
         p.kind = 'employee' AND 'employees' = ANY(%(groups)s) OR p.kind = 'contractor' AND 'contractors' = ANY(%(groups)s)
         OR 'managers' = ANY(%(groups)s) AND EXISTS (
           SELECT FROM inventory_person r WHERE r.tenant_id = %(tenant)s AND r.manager_id = p.id AND r.status <> 'left'))
       OR p.id = ANY(%(people)s::uuid[]))
"""
_ASKED = """EXISTS (
    SELECT FROM policies_acknowledgement a JOIN policies_acknowledgementcampaign c ON c.id = a.campaign_id
    WHERE a.tenant_id = %(tenant)s AND a.person_id = p.id AND c.policy_id = %(policy)s AND {how})
"""
# Nobody is asked twice at once, nor for what they have confirmed unless that is meant.
ASKED_NOW = "(c.status = 'open' AND a.status = 'open')"
CONFIRMED = f"({ASKED_NOW} OR a.status = 'confirmed' AND a.content_hash = %(sha256)s)"
EVER = "true"
LATELY = f"({ASKED_NOW} OR greatest(c.started_at, a.confirmed_at) > %(since)s)"
_DUE = "%(due)s"
_SINCE_JOINING = "CASE WHEN p.started_on + %(days)s >= %(today)s THEN p.started_on + %(days)s ELSE %(due)s END"
_ADD = """
INSERT INTO policies_acknowledgement
  (id, tenant_id, campaign_id, person_id, due_on, status, content_hash, user_agent, certificate)
SELECT uuid_v7(), %(tenant)s, %(campaign)s, p.id, {due}, 'open', '', '', ''
"""


@dataclass(frozen=True, slots=True)
class Whom:
    """An audience: all at work, departments, groups, or people chosen. `unless` leaves out those it is true of (`since`)."""

    audience: str = Audience.EVERYONE
    departments: Collection[str] = ()
    groups: Collection[str] = ()
    people: Collection[uuid.UUID] = ()
    unless: str = CONFIRMED
    since: dt.datetime | None = None


@action
def start_campaign(
    version: PolicyVersion,
    *,
    actor: Member,
    due_on: dt.date,
    audience: str = Audience.EVERYONE,
    departments: Collection[str] = (),
    groups: Collection[str] = (),
    people: Collection[Person] = (),
    again: bool = False,
) -> AcknowledgementCampaign:
    """Ask people to confirm a version that is in force; with `again` also those who have. Raises ActionRefused."""
    if not actor.can(WRITE):
        raise ActionRefused("Your role does not allow this.")
    if due_on < current_organization().today():
        raise ActionRefused("Not in the past: nobody could confirm it in time.", field="due_on")
    if audience == Audience.PEOPLE and not people:
        raise ActionRefused("Choose at least one person.", field="people")
    keys = [one.pk for one in people] if audience == Audience.PEOPLE else []
    named = _named(audience, departments, groups)
    whom = Whom(audience, named["departments"], named["groups"], keys, ASKED_NOW if again else CONFIRMED)
    campaign = ask(version, whom, Origin.BY_HAND, actor, due_on=due_on)
    if campaign is None:
        raise ActionRefused("Nobody is left to be asked: they are asked already, or have confirmed this version.")
    return campaign


def ask(
    version: PolicyVersion, whom: Whom, origin: str, actor: Actor, *, due_on: dt.date, days: int | None = None
) -> AcknowledgementCampaign | None:
    """A campaign with a row for everybody of an audience; None where nobody is left to be asked. Part of a caller's action.

    `days` counts from when somebody joined, where that gives a day to come. Raises ActionRefused for what is not in force.
    """
    hold(version.policy)
    current = PolicyVersion.objects.select_related("policy").get(pk=version.pk)
    if current.status != PolicyVersion.Status.PUBLISHED:
        raise ActionRefused(f"{current} is not in force.")
    campaign = AcknowledgementCampaign(
        policy=current.policy, version=current, content_hash=current.content_hash, audience=whom.audience,
        departments=list(whom.departments), groups=list(whom.groups), origin=origin, due_on=due_on, started_at=now(),
        started_by=actor if isinstance(actor, Member) else None,
    )  # fmt: skip
    if not anybody(current, whom):
        return None
    campaign.save(force_insert=True)
    count = add_people(campaign, whom, due_on=due_on, days=days)
    facts = {
        "version": str(current),
        "sha256": current.content_hash,
        "people": count,
        "due_on": due_on,
        "why": campaign.get_origin_display(),
    }
    record("acknowledgement_campaign.start", campaign, actor=actor, after={**facts, "whom": _spoken(whom)})
    return campaign


def add_people(campaign: AcknowledgementCampaign, whom: Whom, *, due_on: dt.date, days: int | None = None) -> int:
    """Rows for everybody of an audience who has none in the way. How many. Part of a caller's action."""
    due = _DUE if days is None else _SINCE_JOINING
    sql = _ADD.format(due=due) + f"{_PEOPLE} AND NOT {_ASKED.format(how=whom.unless)}"
    facts = {**_facts(campaign.version, whom), "campaign": campaign.pk, "due": due_on, "days": days}
    with connection.cursor() as cursor:
        cursor.execute(sql, facts)
        count: int = cursor.rowcount
    if count > MANY:
        plan_anew(count, Acknowledgement)
    return count


def anybody(version: PolicyVersion, whom: Whom, *, ever_asked: bool = False) -> bool:
    """Whether there is somebody of an audience who is not asked yet; with `ever_asked`, who once was."""
    once = f" AND {_ASKED.format(how=EVER)}" if ever_asked else ""
    sql = f"SELECT EXISTS (SELECT {_PEOPLE} AND NOT {_ASKED.format(how=whom.unless)}{once})"
    with connection.cursor() as cursor:
        cursor.execute(sql, _facts(version, whom))
        return bool(cursor.fetchone()[0])


@action
def close_campaign(campaign: AcknowledgementCampaign, *, actor: Actor, reason: str) -> AcknowledgementCampaign:
    """Ask nobody any more; what was confirmed stays, and so does who did not. Raises ActionRefused."""
    why = stated(reason)
    return AcknowledgementCampaign.CLOSE.apply(campaign, actor=actor, note=why, closed_at=now(), closed_reason=why)


@action
def put_rule(policy: Policy, *, actor: Member, **said: Any) -> AcknowledgementRule:
    """Say when a policy asks by itself, and whom. `said`: the fields of the rule. Raises ActionRefused."""
    if not actor.can(WRITE):
        raise ActionRefused("Your role does not allow this.")
    said |= _named(said["audience"], said["departments"], said.get("groups", ()))
    current = hold(policy)
    if current.status == Policy.Status.RETIRED:
        raise ActionRefused("It is retired: put it back into use first.")
    rule = AcknowledgementRule.objects.filter(policy=current).first()
    if rule is not None:
        if not differing(rule, said):
            raise ActionRefused("Nothing is different.")
        return change(rule, "acknowledgement_rule.change", actor=actor, fields=said)
    rule = AcknowledgementRule(policy=current, **said)
    rule.full_clean(exclude=["tenant"], validate_constraints=False)
    rule.save(force_insert=True)
    record("acknowledgement_rule.set", rule, actor=actor, after=said)
    return rule


def _named(audience: str, departments: Collection[str], groups: Collection[str]) -> dict[str, list[str]]:
    """The departments or groups that an audience consists of. Raises ActionRefused where none was chosen."""
    if audience == Audience.DEPARTMENTS and not departments:
        raise ActionRefused("Choose at least one department.", field="departments")
    if audience == Audience.GROUPS and not groups:
        raise ActionRefused("Choose at least one group.", field="groups")
    return {
        "departments": sorted(departments) if audience == Audience.DEPARTMENTS else [],
        "groups": sorted(groups) if audience == Audience.GROUPS else [],
    }


def _facts(version: PolicyVersion, whom: Whom) -> dict[str, Any]:
    return {
        "tenant": current_tenant_id(),
        "today": current_organization().today(),
        "audience": str(whom.audience),
        "departments": list(whom.departments),
        "groups": list(whom.groups),
        "people": list(whom.people),
        "since": whom.since,
        "policy": version.policy_id,
        "sha256": version.content_hash,
    }


def _spoken(whom: Whom) -> str:
    """For the trail, which is no place for 20,000 names: those are the rows."""
    if named := spelled_out(whom.audience, whom.departments, whom.groups):
        return ", ".join(named)
    if whom.audience == Audience.PEOPLE:
        return "1 person" if len(whom.people) == 1 else f"{len(whom.people):,} people"
    return "everyone"
