"""Giving open items to another reviewer."""

import uuid
from collections.abc import Mapping, Sequence

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse

from audit.actions import action
from audit.actors import Actor
from audit.record import Entry, record_many
from inventory.models import Person
from inventory.people.deciding import routable_people
from reviews.deciding.actions import entry_of, lock_shared, locked_items
from reviews.deciding.rules import OWN_ACCESS, TAKE_BACK, decided_on_own, is_own
from reviews.models import Campaign, Item
from tenancy.models import current_organization
from ui.refusals import ActionRefused, stated
from ui.screens import BulkResult
from workflow.outbox import queue_mail

REASSIGNED = "reassigned"


def reassign_items(items: QuerySet[Item], *, campaign: Campaign, to: Person, reason: str, actor: Actor) -> BulkResult:
    """Give undecided items of one campaign to somebody else: those that may be, with a sentence for each that may not.

    A decision on what turned out to be the decider's own account goes with it, to be made by somebody else.
    Raises ActionRefused when nobody may do it now, or the person cannot be asked at all.
    """
    if not actor.can("reviews.write", campaign.pk):
        raise ActionRefused("Your role does not allow this.")
    note = stated(reason)
    locked = lock_shared(campaign.pk)
    if locked.status != Campaign.Status.ACTIVE:
        raise ActionRefused(f"{locked} is {locked.get_status_display().lower()}: its items stay where they are.")
    if not routable_people(current_organization().today()).filter(pk=to.pk).exists():
        raise ActionRefused(f"{to.name} cannot be asked: not at work, or without an account here that may decide.", field="to")
    found = locked_items(items.order_by().values_list("pk", flat=True), locked)
    refused: dict[uuid.UUID, str] = {item.pk: why for item in found if (why := why_not_to(item, to))}
    moved = [item for item in found if item.pk not in refused]
    if moved:
        _move(moved, to=to, note=note, actor=actor)
    return BulkResult(done=[item.pk for item in moved], refused=refused)


def why_not_to(item: Item, person: Person) -> str:
    """Why an item cannot go to this person; empty when it can."""
    if is_own(item, person):
        return OWN_ACCESS
    if item.decision and not decided_on_own(item):
        return "It is decided already. Whoever decided can take it back first."
    if item.reviewer_id == person.pk and not item.decision:
        return f"It is with {person.name} already."
    return ""


@action
def _move(items: Sequence[Item], *, to: Person, note: str, actor: Actor) -> None:
    undecided = {**TAKE_BACK.columns(), "decider": None, "decided_by": None, "decided_at": None, "decided_in_bulk": False}
    Item.objects.filter(pk__in=[item.pk for item in items]).update(reviewer=to, routed_by=REASSIGNED, **undecided)
    campaign = items[0].campaign
    metadata = {"campaign": str(campaign), "note": note}
    record_many("item.reassign", actor=actor, entries=(_entry(item, to, metadata) for item in items))
    _tell(campaign, to, items, note)


def _entry(item: Item, to: Person, metadata: Mapping[str, object]) -> Entry:
    before, after = {"reviewer": item.reviewer.name if item.reviewer else ""}, {"reviewer": to.name}
    voided = ({"decision": item.decision}, {"decision": ""}) if item.decision else ({}, {})
    return entry_of(item, before | voided[0], after | voided[1], metadata)


def _tell(campaign: Campaign, to: Person, items: Sequence[Item], note: str) -> None:
    """One mail to the new reviewer for each handing over."""
    if to.member is None:
        return
    many = f"{len(items):,} access rights" if len(items) > 1 else "An access right"
    subject = f"{many} of {campaign.reference} {'are' if len(items) > 1 else 'is'} now with you"
    link = settings.PLUMBLINE_BASE_URL + reverse("reviews:decide", args=[campaign.pk])
    text = f"{subject}, due {campaign.due_on:%-d %B %Y}.\n\nReason: {note}\n\n{link}\n"
    queue_mail(to=to.member.email, subject=subject, text=text, key=f"reassigned:{items[0].pk}:{to.pk}")
