"""What asks by itself: after a material change, on joining, every year; and what ends with the version that it was about."""

import datetime as dt
import logging
import uuid

from django.db.models import QuerySet

from audit.actions import action
from audit.actors import SCHEDULE, Actor
from audit.record import record
from policies.acknowledging.asking import ASKED_NOW, EVER, Whom, add_people, anybody, ask
from policies.holding import hold
from policies.models import Acknowledgement, AcknowledgementCampaign, AcknowledgementRule, Policy, PolicyVersion
from policies.models.acknowledgement import Audience
from policies.publishing.days import months_after
from tenancy.models import Organization, current_organization
from tenancy.scope import now
from ui.refusals import ActionRefused

Origin = AcknowledgementCampaign.Origin
WHOLE = (Origin.BY_HAND, Origin.CHANGE, Origin.YEARLY, Origin.CARRIED)  # that begin a year
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
    """Ask who has joined, and everybody once a year has passed. Idempotent."""
    today = organization.day_of(at)
    rules = AcknowledgementRule.objects.filter(policy__status=Policy.Status.ACTIVE).select_related("policy").order_by("pk")
    for rule in rules:
        version = rule.policy.versions.filter(status=PolicyVersion.Status.PUBLISHED).first()
        if version is None:
            continue
        try:
            if rule.yearly and _is_year_over(rule.policy, today) and anybody(version, _whom(rule, ASKED_NOW)):
                _ask_again(version, rule, today)
            if rule.on_joining and anybody(version, _whom(rule, EVER)):
                _ask_newcomers(version, rule, today)
        except ActionRefused as refusal:
            log.warning("Nobody was asked to confirm %s by itself: %s", version.pk, refusal)


def _is_year_over(policy: Policy, today: dt.date) -> bool:
    last = AcknowledgementCampaign.objects.filter(policy=policy, origin__in=WHOLE).order_by("-started_at").first()
    return last is not None and months_after(current_organization().day_of(last.started_at), 12) <= today


@action
def _ask_again(version: PolicyVersion, rule: AcknowledgementRule, today: dt.date) -> None:
    hold(version.policy)
    if _is_year_over(version.policy, today):
        ask(version, _whom(rule, ASKED_NOW), Origin.YEARLY, SCHEDULE, due_on=today + dt.timedelta(days=rule.days))


@action
def _ask_newcomers(version: PolicyVersion, rule: AcknowledgementRule, today: dt.date) -> None:
    """Into the one campaign of those who joined while this version was in force."""
    hold(version.policy)
    whom = _whom(rule, EVER)
    there = AcknowledgementCampaign.objects.filter(version=version, origin=Origin.JOINING, status="open").first()
    if there is None:
        ask(version, whom, Origin.JOINING, SCHEDULE, due_on=today + dt.timedelta(days=JOINED), days=JOINED)
        return
    count = add_people(there, whom, due_on=today + dt.timedelta(days=JOINED), days=JOINED)
    record("acknowledgement_campaign.join", there, actor=SCHEDULE, after={"people": count})


def _whom(rule: AcknowledgementRule, unless: str | None = None) -> Whom:
    whom = Whom(rule.audience, rule.departments)
    return whom if unless is None else Whom(rule.audience, rule.departments, unless=unless)


def _end(campaigns: QuerySet[AcknowledgementCampaign], actor: Actor, why: str) -> tuple[list[uuid.UUID], dt.date]:
    """Close them. Who has not confirmed yet, and the last day that they had."""
    found = list(campaigns.order_by("pk"))
    rows = Acknowledgement.objects.filter(campaign__in=found, status="open")
    left = list(rows.values_list("person", flat=True).distinct())
    for campaign in found:
        AcknowledgementCampaign.CLOSE.apply(campaign, actor=actor, note=why, closed_at=now(), closed_reason=why)
    return left, max((one.due_on for one in found), default=current_organization().today())
