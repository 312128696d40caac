"""Signing off and closing a review."""

import datetime as dt
import uuid
from collections.abc import Mapping

from django.db.models import F, Q, QuerySet

from accounts.models import Member
from audit.actions import action
from audit.actors import Actor
from audit.record import Entry, record_many
from inventory.models import Removal
from inventory.models.removal import OPEN
from inventory.removals.actions import RemovalRequest, request_removals
from reviews.deciding.actions import entry_of
from reviews.models import Campaign, Item
from reviews.outputs.tasks import make_completed_report, make_decision_report
from reviews.quarters import default_due, quarter_of
from reviews.signoff.digest import decision_digest
from tenancy.scope import now
from ui.refusals import ActionRefused

SOURCE = "reviews.item"
CHANGED = "Decisions were changed since you opened this page. It shows them as they are now: look at them, then sign off."
REMOVALS: dict[str, str] = {Item.Decision.REVOKE: Removal.Kind.REMOVE, Item.Decision.MODIFY: Removal.Kind.CHANGE}


@action
def sign_off(
    campaign: Campaign,
    *,
    actor: Member,
    note: str = "",
    reason_for_rest: str = "",
    reasons: Mapping[uuid.UUID, str] | None = None,
    shown: str | None = None,
) -> None:
    """Make the decisions final, and tasks of what must go.

    Undecided items are refused unless each gets a reason: its own in `reasons`, or `reason_for_rest`. `shown` is the
    digest of the decisions that the page showed: others are not signed. The second factor is the screen's to ask for. Raises
    ActionRefused.
    """
    Campaign.SIGN_OFF.authorise(actor)
    locked = Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
    Campaign.SIGN_OFF.check(locked)
    if shown is not None and shown != decision_digest(locked):
        raise ActionRefused(CHANGED)
    if nobody := locked.items.filter(decision="", reviewer=None).count():
        have = "1 item has" if nobody == 1 else f"{nobody:,} items have"
        raise ActionRefused(f"{have} no reviewer. Reassign what could not be routed first.")
    if own := locked.items.filter(decider=F("account__person")).count():
        were = "1 decision was" if own == 1 else f"{own:,} decisions were"
        raise ActionRefused(f"{were} made by the person whose account it has turned out to be. Reassign what they are about.")
    left = _record_undecided(locked, actor, reason_for_rest.strip(), reasons or {})
    removals = request_removals(_requests(locked), actor)
    digest = decision_digest(locked)
    Campaign.SIGN_OFF.apply(
        campaign,
        actor=actor,
        metadata={"items": locked.item_count, "not_decided": left, "removals": len(removals)},
        signed_off_by_id=actor.id,
        signed_off_at=now(),
        sign_off_note=note.strip(),
        decision_digest=digest,
    )
    make_decision_report.delay_on_commit(str(campaign.pk))


@action
def close_campaign(campaign: Campaign, *, actor: Actor, note: str = "") -> None:
    """Close a signed-off review once nothing is open; notes when the next one is due. Raises ActionRefused."""
    Campaign.CLOSE.authorise(actor)
    still_open = open_removals(campaign).count()
    if still_open:
        tasks = "1 removal is" if still_open == 1 else f"{still_open} removals are"
        raise ActionRefused(f"{tasks} neither verified nor accepted by name.")
    Campaign.CLOSE.apply(
        campaign,
        actor=actor,
        note=note.strip(),
        closed_by_id=actor.id,
        closed_at=now(),
        closing_note=note.strip(),
        next_review_on=next_due(campaign.period_from),
    )
    make_completed_report.delay_on_commit(str(campaign.pk))


def next_due(period_from: dt.date) -> dt.date:
    """When the review of the quarter after is due, unless somebody says otherwise."""
    return default_due(quarter_of(period_from).next())


def undecided_words(count: int) -> str:
    """What is in the way of a sign-off, and what to do about it."""
    return f"{count:,} item{' is' if count == 1 else 's are'} undecided. Have them decided, or say why each stays so."


def removals_of(campaign: Campaign) -> QuerySet[Removal]:
    """The removals that this review's sign-off asked for."""
    return Removal.objects.filter(source_kind=SOURCE, source_id__in=campaign.items.values("pk"))


def open_removals(campaign: Campaign) -> QuerySet[Removal]:
    """Those that are neither verified nor accepted."""
    return removals_of(campaign).filter(status__in=OPEN)


def _record_undecided(campaign: Campaign, actor: Member, rest: str, reasons: Mapping[uuid.UUID, str]) -> int:
    """Note each undecided item as not decided, with its reason; returns how many."""
    items = list(campaign.items.filter(decision="").select_for_update(of=("self",)).select_related("entitlement").order_by("pk"))
    said = {item.pk: (reasons.get(item.pk) or rest).strip() for item in items}
    if missing := sum(not reason for reason in said.values()):
        raise ActionRefused(undecided_words(missing), field="reason_for_rest")
    by_reason: dict[str, list[uuid.UUID]] = {}
    for key, reason in said.items():
        by_reason.setdefault(reason, []).append(key)
    for reason, keys in by_reason.items():
        noted = {"decision": Item.Decision.NOT_DECIDED, "reason": reason, "decided_by": actor, "decided_at": now()}
        Item.objects.filter(pk__in=keys).update(**noted)
    record_many("item.not_decided", actor=actor, entries=(_entry(item, said[item.pk], campaign) for item in items))
    return len(items)


def _entry(item: Item, reason: str, campaign: Campaign) -> Entry:
    after = {"decision": Item.Decision.NOT_DECIDED.value, "reason": reason}
    return entry_of(item, {"decision": ""}, after, {"campaign": str(campaign)})


def _requests(campaign: Campaign) -> list[RemovalRequest]:
    items = campaign.items.filter(Q(decision__in=REMOVALS)).select_related(
        "entitlement__snapshot", "account__system__owner__member__user", "account__person", "decider"
    )
    return [_request(item, campaign) for item in items.order_by("position")]


def _request(item: Item, campaign: Campaign) -> RemovalRequest:
    entitlement = item.entitlement
    by = f" Decided by {item.decider.name} in {campaign.reference}." if item.decider else f" Decided in {campaign.reference}."
    return RemovalRequest(
        account=item.account,
        base_snapshot=entitlement.snapshot,
        reason=f"{item.said.rstrip('.')}.{by}",
        kind=REMOVALS[item.decision],
        entitlement_key=entitlement.entitlement_key,
        resource=entitlement.resource,
        role=entitlement.role,
        part=entitlement.part,
        target_role=item.target_role,
        urgent=item.privileged or "leaver" in item.flags,
        source_kind=SOURCE,
        source_id=item.pk,
    )
