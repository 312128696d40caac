"""What asks by itself: after a material change, on joining, every year; and what ends with the version that it was about."""

import datetime as dt
import logging
import uuid

from django.db.models import QuerySet

from audit.actions import action
from audit.actors import SCHEDULE, Actor
from audit.record import record
from policies.acknowledging.asking import CONFIRMED, EVER, LATELY, Whom, add_people, anybody, ask
from policies.holding import hold
from policies.models import Acknowledgement, AcknowledgementCampaign, AcknowledgementRule, Policy, PolicyVersion
from policies.models.acknowledgement import Audience
from policies.publishing.days import months_after
from tenancy.models import Organization, current_organization
from tenancy.scope import now
from ui.refusals import ActionRefused

Origin = AcknowledgementCampaign.Origin
JOINED = 14  # days from joining
SOON = 7  # days at least, where a carried one was due before
log = logging.getLogger(__name__)


def in_place_of(version: PolicyVersion, actor: Actor) -> None:
    """A version came into force: nobody is asked for the one before it any more. Part of its action.

    A material change asks again as the rule says; else only those are asked who had not confirmed yet.
    """
    before = AcknowledgementCampaign.objects.filter(policy=version.policy_id, status="open").exclude(version=version)
    left, due_on = _end(before, actor, f"Version {version.number} took its place.")
    today = current_organization().today()
    rule = AcknowledgementRule.objects.filter(policy=version.policy_id).first()
    if rule is not None and rule.after_change and version.material:
        ask(version, _whom(rule), Origin.CHANGE, actor, due_on=today + dt.timedelta(days=rule.days))
    if left:
        due = max(due_on, today + dt.timedelta(days=SOON))
        ask(version, Whom(Audience.PEOPLE, people=left), Origin.CARRIED, actor, due_on=due)


def when_retired(policy: Policy, actor: Actor) -> None:
    """A policy ended: nobody is asked for it any more. Part of its action."""
    _end(AcknowledgementCampaign.objects.filter(policy=policy, status="open"), actor, "The policy is retired.")


def ask_by_themselves(organization: Organization, at: dt.datetime) -> None:
    """Ask who has joined, and whoever will have confirmed it a year ago by the day they are given. Idempotent."""
    today = organization.day_of(at)
    rules = AcknowledgementRule.objects.filter(policy__status=Policy.Status.ACTIVE).select_related("policy").order_by("pk")
    for rule in rules:
        version = rule.policy.versions.filter(status=PolicyVersion.Status.PUBLISHED).first()
        if version is None:
            continue
        try:
            if rule.on_joining and anybody(version, _whom(rule, EVER)):
                _ask_into_one(version, _whom(rule, EVER), Origin.JOINING, JOINED, today, since_joining=True)
            if rule.yearly and anybody(version, whom := _a_year_ago(rule, today), ever_asked=True):
                _ask_into_one(version, whom, Origin.YEARLY, rule.days, today)
        except ActionRefused as refusal:
            log.warning("Nobody was asked to confirm %s by itself: %s", version.pk, refusal)


@action
def _ask_into_one(
    version: PolicyVersion, whom: Whom, origin: str, days: int, today: dt.date, *, since_joining: bool = False
) -> None:
    """Into the one campaign under way of that origin for this version: people's days come one by one."""
    hold(version.policy)
    due_on, counted = today + dt.timedelta(days=days), days if since_joining else None
    there = AcknowledgementCampaign.objects.filter(version=version, origin=origin, status="open").first()
    if there is None:
        ask(version, whom, origin, SCHEDULE, due_on=due_on, days=counted)
    elif count := add_people(there, whom, due_on=due_on, days=counted):
        record("acknowledgement_campaign.join", there, actor=SCHEDULE, after={"people": count})


def _a_year_ago(rule: AcknowledgementRule, today: dt.date) -> Whom:
    """Whom a day that is the rule's days from now finds a year after they confirmed, or were last asked in vain."""
    begin = months_after(today + dt.timedelta(days=rule.days), -12)
    return Whom(rule.audience, rule.departments, rule.groups, unless=LATELY, since=current_organization().end_of(begin))


def _whom(rule: AcknowledgementRule, unless: str = CONFIRMED) -> Whom:
    return Whom(rule.audience, rule.departments, rule.groups, unless=unless)


def _end(campaigns: QuerySet[AcknowledgementCampaign], actor: Actor, why: str) -> tuple[list[uuid.UUID], dt.date]:
    """Close them. Who has not confirmed yet, and the last day that they had."""
    found = list(campaigns.order_by("pk"))
    rows = Acknowledgement.objects.filter(campaign__in=found, status="open")
    left = list(rows.values_list("person", flat=True).distinct())
    for campaign in found:
        AcknowledgementCampaign.CLOSE.apply(campaign, actor=actor, note=why, closed_at=now(), closed_reason=why)
    return left, max((one.due_on for one in found), default=current_organization().today())
