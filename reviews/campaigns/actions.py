"""Preparing and starting a review."""

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence

from django.db.models import OuterRef, Subquery

from audit.actions import action
from audit.actors import Actor
from audit.record import record
from inventory.models import Person, Snapshot, System
from inventory.models.system import Route
from reviews.models import Campaign, CampaignSystem
from reviews.quarters import Period, default_due
from tenancy.models import current_organization
from tenancy.scope import now
from ui.refusals import ActionRefused, stated
from workflow.jobs import start_job
from workflow.models import Job
from workflow.references import period_reference

DRAFT_FIELDS = ("name", "due_on", "instructions", "second_reviewer", "second_reviewer_reason")


@action
def create_campaign(
    *,
    quarter: Period,
    systems: Iterable[System],
    actor: Actor,
    name: str = "",
    due_on: dt.date | None = None,
    instructions: str = "",
    second_reviewer: Person | None = None,
    second_reviewer_reason: str = "",
    prepared_automatically: bool = False,
) -> Campaign:
    """Prepare a draft for a quarter: each system with its latest imported snapshot and its own order of reviewers."""
    _must_write(actor)
    campaign = Campaign(
        reference=f"draft-{uuid.uuid4().hex[:20]}",
        name=name or f"Access review {quarter.name}",
        period_from=quarter.first,
        period_to=quarter.last,
        due_on=due_on or default_due(quarter, current_organization().today()),
        instructions=instructions,
        second_reviewer=second_reviewer,
        second_reviewer_reason=second_reviewer_reason,
        prepared_automatically=prepared_automatically,
        created_by_id=actor.id,
    )
    check_draft(campaign)
    campaign.reference = period_reference("AR", quarter.label)
    _validate(campaign)
    campaign.save(force_insert=True)
    chosen = _set_systems(campaign, systems)
    after = {**_draft(campaign), "period": quarter.label, "systems": chosen}
    record("campaign.create", campaign, actor=actor, after=after)
    return campaign


@action
def edit_campaign(campaign: Campaign, *, actor: Actor, systems: Iterable[System], **changes: object) -> Campaign:
    """Change a draft: `changes` are DRAFT_FIELDS. Systems that stay keep their snapshot and order."""
    _must_write(actor, campaign)
    locked = lock_draft(campaign)
    before = {**_draft(locked), "systems": _system_names(locked)}
    for name in DRAFT_FIELDS:
        if name in changes:
            setattr(locked, name, changes[name])
    check_draft(locked)
    _validate(locked)
    locked.save(update_fields=DRAFT_FIELDS)
    after = {**_draft(locked), "systems": _set_systems(locked, systems)}
    record("campaign.edit", locked, actor=actor, before=before, after=after)
    return locked


@action
def edit_scope(
    scoped: CampaignSystem, *, snapshot: Snapshot | None, reviewer_order: Sequence[str], incomplete_reason: str = "", actor: Actor
) -> None:
    """Choose a system's snapshot and order of reviewers in a draft, and say why an incomplete one will do."""
    _must_write(actor, scoped.campaign)
    campaign = lock_draft(scoped.campaign)
    if not campaign.scope.filter(pk=scoped.pk).exists():
        raise ActionRefused(f"{scoped.system.name} has been taken out of this review meanwhile.")
    reason = incomplete_reason.strip()
    if snapshot is not None and (snapshot.system_id != scoped.system_id or snapshot.status != Snapshot.Status.IMPORTED):
        raise ActionRefused("Choose an imported population of this system.", field="snapshot")
    if not reviewer_order or len(set(reviewer_order)) != len(reviewer_order) or not set(reviewer_order) <= set(Route.values):
        raise ActionRefused("Choose each kind of reviewer at most once, and at least one.", field="first")
    if reason and not actor.can("snapshots.confirm"):
        raise ActionRefused("Only a compliance manager may accept an incomplete population.", field="incomplete_reason")
    before = _scope_facts(scoped)
    scoped.snapshot, scoped.reviewer_order = snapshot, list(reviewer_order)
    scoped.incomplete_reason = reason
    scoped.incomplete_accepted_by_id = actor.id if reason else None
    scoped.save(update_fields=["snapshot", "reviewer_order", "incomplete_reason", "incomplete_accepted_by"])
    metadata = {"system": scoped.system.name}
    record("campaign.scope", campaign, actor=actor, before=before, after=_scope_facts(scoped), metadata=metadata)


@action
def start_campaign(campaign: Campaign, *, actor: Actor) -> Job:
    """Freeze the scope and have a worker make the items. A second start is refused."""
    Campaign.START.authorise(actor, campaign)
    problems = problems_of(lock_draft(campaign))
    if problems:
        raise ActionRefused(" ".join(problems))
    Campaign.START.apply(campaign, actor=actor, started_by_id=actor.id, started_at=now())
    return start_job("campaign.start", title=f"Starting {campaign.reference}", actor=actor, subject=campaign)


@action
def cancel_campaign(campaign: Campaign, *, actor: Actor, reason: str) -> None:
    """Give a review up. What was decided in it stays on record and sets nothing going."""
    Campaign.CANCEL.apply(campaign, actor=actor, note=stated(reason))


def problems_of(campaign: Campaign) -> list[str]:
    """Why a draft cannot be started, as sentences; empty when it can."""
    scope = list(campaign.scope.select_related("system", "snapshot"))
    problems = [] if scope else ["Choose at least one system."]
    for one in scope:
        if one.snapshot is None:
            problems.append(f"{one.system.name} has no imported population yet.")
        elif one.snapshot.status != Snapshot.Status.IMPORTED:
            problems.append(f"The population of {one.system.name} is not imported.")
        elif not one.snapshot.complete and not one.incomplete_reason:
            problems.append(
                f"The population of {one.system.name} is not complete: a compliance manager must say why it is reviewed."
            )
    return problems


def lock_draft(campaign: Campaign) -> Campaign:
    """The campaign, locked; raises ActionRefused unless it is a draft."""
    locked = Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
    check_is_draft(locked)
    return locked


def check_is_draft(campaign: Campaign) -> None:
    """Raise ActionRefused unless the campaign may still be changed."""
    if campaign.status != Campaign.Status.DRAFT:
        raise ActionRefused(f"{campaign} is {campaign.get_status_display().lower()}: its scope cannot be changed.")


def check_draft(campaign: Campaign) -> None:
    """Refuse what a form cannot see by itself."""
    if campaign.due_on < campaign.period_from:
        raise ActionRefused("The due date lies before the quarter.", field="due_on")
    if campaign.second_reviewer and not campaign.second_reviewer_reason.strip():
        raise ActionRefused("Say why nobody else independent exists.", field="second_reviewer_reason")


def latest_snapshots(systems: Iterable[System]) -> dict[uuid.UUID, uuid.UUID]:
    """For each system with an imported population, the latest one by its as-of."""
    latest = Snapshot.objects.filter(system=OuterRef("pk"), status=Snapshot.Status.IMPORTED).order_by("-as_of", "-created_at")
    found = System.objects.filter(pk__in=[system.pk for system in systems]).annotate(latest=Subquery(latest.values("pk")[:1]))
    return {system.pk: system.latest for system in found if system.latest}


def _set_systems(campaign: Campaign, systems: Iterable[System]) -> list[str]:
    """Put exactly these systems into the scope; returns their names."""
    wanted = {system.pk: system for system in systems}
    if not wanted:
        raise ActionRefused("Choose at least one system.", field="systems")
    campaign.scope.exclude(system__in=wanted).delete()
    present = set(campaign.scope.values_list("system_id", flat=True))
    added = [system for key, system in wanted.items() if key not in present]
    latest = latest_snapshots(added)
    CampaignSystem.objects.bulk_create(
        CampaignSystem(
            campaign=campaign, system=system, snapshot_id=latest.get(system.pk), reviewer_order=list(system.reviewer_order)
        )
        for system in added
    )
    return sorted(system.name for system in wanted.values())


def _system_names(campaign: Campaign) -> list[str]:
    return list(campaign.scope.values_list("system__name", flat=True).order_by("system__name"))


def _draft(campaign: Campaign) -> dict[str, object]:
    facts = {name: getattr(campaign, name) for name in DRAFT_FIELDS}
    return {**facts, "second_reviewer": str(campaign.second_reviewer or "")}


def _scope_facts(scoped: CampaignSystem) -> dict[str, object]:
    return {
        "snapshot": str(scoped.snapshot or ""),
        "reviewer_order": list(scoped.reviewer_order),
        "incomplete_reason": scoped.incomplete_reason,
    }


def _validate(campaign: Campaign) -> None:
    """Check what was given; raises ValidationError."""
    given = {*DRAFT_FIELDS, "reference", "period_from", "period_to"}
    campaign.full_clean(exclude={field.name for field in Campaign._meta.fields} - given)


def _must_write(actor: Actor, campaign: Campaign | None = None) -> None:
    if not actor.can("reviews.write", campaign.pk if campaign else None):
        raise ActionRefused("Your role does not allow this.")
