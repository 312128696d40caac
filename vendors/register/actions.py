"""Writing what is known of a vendor: asked for, and changed. What its answers come to follows by itself."""

import datetime as dt
from collections.abc import Collection
from typing import Any

from audit.actions import action
from audit.actors import Actor
from audit.record import record
from evidence.printing.words import plural
from inventory.models import System
from tenancy.models import current_organization
from tenancy.scope import now
from ui.refusals import ActionRefused
from vendors.keys.looks import refuse_keys
from vendors.models import AT_WORK, Vendor, VendorSystem
from vendors.register import words
from vendors.rights import REQUEST, WRITE, authorise, handed_on, member_of
from vendors.tiers import Access, Criticality, DataShared, Tier, judge
from workflow.changes import differing, shown
from workflow.references import next_reference
from workflow.uniqueness import refusing_taken

ANSWERS = ("data_shared", "criticality", "access")
TEXTS = ("name", "website", "service", "why", "notes", "ai_sent", "ai_retention")
LISTS = ("contacts", "data_classes", "locations", "subprocessors")
SEALED = ("contacts",)  # in no event: they are sealed
FACTS = (*TEXTS, *LISTS, *ANSWERS, "owner", "is_ai", "ai_training")
_NUMBERS: dict[str, Any] = {"data_shared": DataShared, "criticality": Criticality, "access": Access, "tier": Tier}
_JUDGED = ("inherent", "tier", "residual", "diligence_on", "next_review_on")
GRAVER = "Its answers became graver: what was decided was about less."
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
    """Change what is known of it. What was concluded on less grave answers is taken back. Raises ActionRefused."""
    authorise(actor, vendor)
    locked = locked_one(vendor)
    if locked.status == Vendor.Status.LEFT:
        raise ActionRefused(f"{locked} has left: ask for it again first.")
    known = cleaned(facts)
    if "owner" in differing(locked, known) and not actor.can(WRITE):
        raise ActionRefused("It is in your care for a while: whose it is, is not yours to say.", field="owner")
    if not write(locked, actor, known, systems):
        raise ActionRefused("Nothing was changed.")
    return locked


def write(locked: Vendor, actor: Actor, facts: dict[str, Any], systems: Collection[System] | None) -> bool:
    """Save what differs, and record it; returns whether anything did. Part of a caller's action."""
    changed, had_owner = differing(locked, facts), locked.owner
    graver = any(changed[name] > getattr(locked, name) for name in ANSWERS if name in changed)
    before: dict[str, Any] = {name: worded(name, getattr(locked, name)) for name in changed}
    after: dict[str, Any] = {name: worded(name, value) for name, value in changed.items()}
    for name, value in changed.items():
        setattr(locked, name, value)
    if set(changed) & set(ANSWERS):
        had = judged(locked)
        judge_anew(locked, graver=graver)
        found = judged(locked)
        before |= {name: value for name, value in had.items() if value != found[name]}
        after |= {name: value for name, value in found.items() if value != had[name]}
    linked = sorted(locked.systems.values_list("system__name", flat=True)) if systems is not None else []
    if systems is not None and (named := sorted(one.name for one in systems)) != linked:
        connect(locked, systems)
        before["systems"], after["systems"] = linked, named
    if not after:
        return False
    with refusing_taken(Vendor):
        locked.save()
    if set(changed) & words.FIELDS:
        words.learn(locked)
    about = handed_on(had_owner) if "owner" in changed else {}
    record("vendor.edit", locked, actor=actor, before=before, after=after, metadata=about)
    if graver and locked.status == Vendor.Status.APPROVED:
        Vendor.RECONSIDER.apply(locked, actor=actor, note=GRAVER, decided_by=None, decided_at=None, decision="")
    return True


def worded(name: str, value: Any) -> Any:
    """A value as the trail keeps it: a number that stands for words by its words; of people outside only how many lines."""
    if name in SEALED:
        return plural(len(value), "line", "lines")
    return str(_NUMBERS[name](value).label) if name in _NUMBERS else shown(value)


def judged(vendor: Vendor) -> dict[str, Any]:
    """What follows from its answers or was concluded on them, as the trail keeps it."""
    return {name: worded(name, getattr(vendor, name)) for name in _JUDGED}


def rate(vendor: Vendor) -> None:
    """Work out points, inherent risk and tier from the answers."""
    found = judge(vendor.data_shared, vendor.criticality, vendor.access)
    vendor.points, vendor.inherent, vendor.tier = found.points, found.risk, found.tier


def judge_anew(vendor: Vendor, *, graver: bool) -> None:
    """Rate it on its changed answers, and take back what was concluded on others.

    The residual risk goes with the inherent one. A graver answer takes back the due diligence before use; in use, where
    either changes, the next review is due at once.
    """
    had = vendor.inherent
    rate(vendor)
    if vendor.inherent != had:
        vendor.residual = ""
    if vendor.status in AT_WORK and vendor.next_review_on and (graver or vendor.inherent != had):
        vendor.next_review_on = min(vendor.next_review_on, today())
    elif graver and vendor.status not in AT_WORK:
        vendor.diligence_on = None


def connect(vendor: Vendor, systems: Collection[System]) -> None:
    """Let it be about these systems and no others. Part of a caller's action."""
    kept = {one.pk for one in systems}
    VendorSystem.objects.filter(vendor=vendor).exclude(system__in=kept).delete()
    there = set(VendorSystem.objects.filter(vendor=vendor).values_list("system", flat=True))
    VendorSystem.objects.bulk_create(VendorSystem(vendor=vendor, system=one) for one in systems if one.pk not in there)


def cleaned(facts: dict[str, Any]) -> dict[str, Any]:
    """Facts as they are kept. Raises ActionRefused for a text that holds a key."""
    kept = {name: value.strip() if isinstance(value, str) else value for name, value in facts.items()}
    refuse_keys(kept)
    if "name" in kept and not kept["name"]:
        raise ActionRefused("Give it a name.", field="name")
    return kept


def locked_one(vendor: Vendor) -> Vendor:
    """The row, locked, with whom it is with."""
    rows = Vendor.objects.select_for_update(of=("self",)).select_related("owner__member__user", "requested_by__user", "finding")
    return rows.get(pk=vendor.pk)
