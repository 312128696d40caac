"""Writing what is known of a vendor: asked for, and changed. What its answers come to follows by itself."""

import datetime as dt
from collections.abc import Collection
from typing import Any

from audit.actions import action
from audit.actors import Actor
from audit.record import record
from inventory.models import System
from tenancy.models import current_organization
from tenancy.scope import now
from ui.refusals import ActionRefused
from vendors.keys.looks import refuse_key
from vendors.models import AT_WORK, Vendor, VendorSystem
from vendors.register import words
from vendors.rights import REQUEST, WRITE, authorise, member_of
from vendors.tiers import REVIEW_DAYS, Access, Criticality, DataShared, Tier, judge
from workflow.changes import differing, shown
from workflow.references import next_reference
from workflow.uniqueness import refusing_taken

ANSWERS = ("data_shared", "criticality", "access")
TEXTS = ("name", "website", "service", "why", "notes", "ai_sent", "ai_retention")
LISTS = ("contacts", "data_classes", "locations", "subprocessors")
FACTS = (*TEXTS, *LISTS, *ANSWERS, "owner", "is_ai", "ai_training")
_NUMBERS: dict[str, Any] = {"data_shared": DataShared, "criticality": Criticality, "access": Access, "tier": Tier}
_NAMED = ("name", "website", "service", "why", "owner", *ANSWERS, "inherent", "tier", "is_ai")


def today() -> dt.date:
    """The organization's day."""
    return current_organization().today()


@action
def request_vendor(*, actor: Actor, systems: Collection[System] = (), **facts: Any) -> Vendor:
    """Ask for a vendor: anybody may. Raises ActionRefused for a name that is there."""
    if not (actor.can(REQUEST) or actor.can(WRITE)):
        raise ActionRefused("Your role does not allow this.")
    vendor = Vendor(**cleaned(facts), requested_by=member_of(actor), requested_at=now())
    rate(vendor)
    vendor.reference = next_reference("VEN", f"{today():%Y}")
    with refusing_taken(Vendor):
        vendor.save(force_insert=True)
    words.learn(vendor)
    connect(vendor, systems)
    after = {name: worded(name, getattr(vendor, name)) for name in _NAMED}
    record("vendor.request", vendor, actor=actor, after={**after, "systems": sorted(one.name for one in systems)})
    return vendor


@action
def edit_vendor(vendor: Vendor, *, actor: Actor, systems: Collection[System] | None = None, **facts: Any) -> Vendor:
    """Change what is known of it. A stricter tier brings the next review forward. Raises ActionRefused."""
    authorise(actor)
    locked = locked_one(vendor)
    if locked.status == Vendor.Status.LEFT:
        raise ActionRefused(f"{locked} has left: ask for it again first.")
    if not write(locked, actor, cleaned(facts), systems):
        raise ActionRefused("Nothing was changed.")
    return locked


def write(locked: Vendor, actor: Actor, facts: dict[str, Any], systems: Collection[System] | None) -> bool:
    """Save what differs, and record it; returns whether anything did. Part of a caller's action."""
    changed, tier = differing(locked, facts), locked.tier
    before: dict[str, Any] = {name: worded(name, getattr(locked, name)) for name in changed}
    after: dict[str, Any] = {name: worded(name, value) for name, value in changed.items()}
    for name, value in changed.items():
        setattr(locked, name, value)
    if set(changed) & set(ANSWERS):
        before |= {"inherent": locked.inherent, "tier": str(Tier(tier).label)}
        rate(locked)
        after |= {"inherent": locked.inherent, "tier": str(Tier(locked.tier).label)}
        bring_forward(locked, tier)
    had = sorted(locked.systems.values_list("system__name", flat=True)) if systems is not None else []
    if systems is not None and (named := sorted(one.name for one in systems)) != had:
        connect(locked, systems)
        before["systems"], after["systems"] = had, named
    if not after:
        return False
    with refusing_taken(Vendor):
        locked.save()
    if set(changed) & words.FIELDS:
        words.learn(locked)
    record("vendor.edit", locked, actor=actor, before=before, after=after)
    return True


def worded(name: str, value: Any) -> Any:
    """A value as the trail keeps it: a number that stands for words by its words."""
    return str(_NUMBERS[name](value).label) if name in _NUMBERS else shown(value)


def rate(vendor: Vendor) -> None:
    """Work out points, inherent risk and tier from the answers."""
    found = judge(vendor.data_shared, vendor.criticality, vendor.access)
    vendor.points, vendor.inherent, vendor.tier = found.points, found.risk, found.tier


def bring_forward(vendor: Vendor, had: int) -> None:
    """A vendor in use that has become more important is reviewed sooner, counted from today."""
    if vendor.status in AT_WORK and vendor.tier < had and vendor.next_review_on:
        vendor.next_review_on = min(vendor.next_review_on, today() + dt.timedelta(days=REVIEW_DAYS[vendor.tier]))


def connect(vendor: Vendor, systems: Collection[System]) -> None:
    """Let it be about these systems and no others. Part of a caller's action."""
    kept = {one.pk for one in systems}
    VendorSystem.objects.filter(vendor=vendor).exclude(system__in=kept).delete()
    there = set(VendorSystem.objects.filter(vendor=vendor).values_list("system", flat=True))
    VendorSystem.objects.bulk_create(VendorSystem(vendor=vendor, system=one) for one in systems if one.pk not in there)


def cleaned(facts: dict[str, Any]) -> dict[str, Any]:
    """Facts as they are kept. Raises ActionRefused for a text that holds a key."""
    kept = {name: value.strip() if isinstance(value, str) else value for name, value in facts.items()}
    for name, value in kept.items():
        for text in value if isinstance(value, list) else [value]:
            if isinstance(text, str):
                refuse_key(name, text)
    if "name" in kept and not kept["name"]:
        raise ActionRefused("Give it a name.", field="name")
    return kept


def locked_one(vendor: Vendor) -> Vendor:
    """The row, locked, with whom it is with."""
    rows = Vendor.objects.select_for_update(of=("self",)).select_related("owner__member__user", "requested_by__user", "finding")
    return rows.get(pk=vendor.pk)
