"""Deciding, on one item or many: the same check, the same write, one event for each item."""

import uuid
from collections.abc import Mapping, Sequence

from django.db import connection
from django.db.models import QuerySet

from accounts.models import Member
from audit.actions import action
from audit.record import Entry, record_many
from inventory.models import Person
from reviews.campaigns.routing import Asked, asked_of
from reviews.deciding.rules import TAKE_BACK, Choice, why_not
from reviews.models import Campaign, Item
from tenancy.scope import now
from ui.refusals import ActionRefused
from ui.screens import BulkResult

NEEDED = (
    "campaign_id", "subject_id", "subject_name", "reviewer_id", "privileged", "flags", "flagged", "decision", "reason_code",
    "reason", "target_role", "decider_id", "account__person_id", "entitlement__role", "entitlement__resource",
)  # fmt: skip


def decide(item: Item, choice: Choice, *, actor: Member) -> Item:
    """Decide on one item, or change an earlier decision. Raises ActionRefused, at the field it is about."""
    campaign = lock_shared(item.campaign_id)
    (found,) = locked_items([item.pk], campaign)
    asked = asked_of(actor)
    if sentence := why_not(found, asked):
        raise ActionRefused(sentence)
    if refusal := choice.refusal(found):
        raise refusal
    _write([found], choice, actor=actor, asked=asked, in_bulk=False)
    return item.refreshed()


def take_back(item: Item, *, actor: Member) -> Item:
    """Make an item undecided again. What was decided stays in the trail."""
    return decide(item, TAKE_BACK, actor=actor)


def decide_many(items: QuerySet[Item], choice: Choice, *, campaign: Campaign, actor: Member) -> BulkResult:
    """Decide on many items of one campaign at once: those that may be, with a sentence for each that may not.

    Flagged and privileged rows are never kept in bulk. Raises ActionRefused when the choice itself lacks something.
    """
    locked = lock_shared(campaign.pk)
    asked = asked_of(actor)
    found = locked_items(items.order_by().values_list("pk", flat=True), locked)
    refused: dict[uuid.UUID, str] = {}
    for item in found:
        if sentence := why_not(item, asked):
            refused[item.pk] = sentence
        elif refusal := choice.refusal(item, in_bulk=True):
            if refusal.field in {"decision", "reason_code", "reason"}:
                raise refusal
            refused[item.pk] = refusal.sentence
    done = [item for item in found if item.pk not in refused]
    if done:
        _write(done, choice, actor=actor, asked=asked, in_bulk=True)
    return BulkResult(done=[item.pk for item in done], refused=refused)


def lock_shared(campaign_id: uuid.UUID) -> Campaign:
    """The campaign as it is now, held so that no sign-off overtakes what follows; several may hold it at once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM reviews_campaign WHERE id = %s FOR SHARE", [campaign_id])
    return Campaign.objects.get(pk=campaign_id)


def locked_items(keys: "Sequence[uuid.UUID] | QuerySet[Item, uuid.UUID]", campaign: Campaign) -> list[Item]:
    """These items of the campaign, locked in the order of their keys, with what the rules look at."""
    rows = Item.objects.filter(pk__in=list(keys), campaign=campaign).order_by("pk").select_for_update(of=("self",))
    found = list(rows.select_related("account", "entitlement").only(*NEEDED))
    reviewers = Person.objects.in_bulk({item.reviewer_id for item in found if item.reviewer_id})
    for item in found:
        item.campaign = campaign
        item.reviewer = reviewers.get(item.reviewer_id) if item.reviewer_id else None
    return found


@action
def _write(items: Sequence[Item], choice: Choice, *, actor: Member, asked: Asked, in_bulk: bool) -> None:
    after = choice.columns()
    decided = bool(choice.decision)
    Item.objects.filter(pk__in=[item.pk for item in items]).update(
        **after,
        decider=asked.person if decided else None,
        decided_by=actor if decided else None,
        decided_at=now() if decided else None,
        decided_in_bulk=in_bulk and decided,
    )
    metadata = {"campaign": str(items[0].campaign), **({"in_bulk": True} if in_bulk else {})}
    verb = "item.decide" if decided else "item.take_back"
    away: dict[uuid.UUID | None, dict[str, str]] = {one.pk: {"deputy_of": one.name} for one in asked.away}
    entries = (entry_of(item, _said(item), after, {**metadata, **away.get(item.reviewer_id, {})}) for item in items)
    record_many(verb, actor=actor, entries=entries)


def entry_of(item: Item, before: Mapping[str, object], after: Mapping[str, object], metadata: Mapping[str, object]) -> Entry:
    """An event about an item."""
    return Entry(Item._meta.label_lower, item.pk, str(item), before, after, metadata)


def _said(item: Item) -> dict[str, object]:
    return {
        "decision": item.decision,
        "reason_code": item.reason_code,
        "reason": item.reason,
        "target_role": item.target_role,
    }
