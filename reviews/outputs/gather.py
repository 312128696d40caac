"""From the database to a report's data. Call in the organization's scope."""

import datetime as dt
from typing import Any

from django.db import connection
from django.db.models import Q

from accounts.models import Member
from inventory.models import Account, Removal
from inventory.models.population import LastUsed, Snapshot
from inventory.models.system import Route
from inventory.snapshots.recounts import said_of
from reviews.models import Campaign, CampaignSystem, Item
from reviews.models.item import Change, Flag
from reviews.outputs.data import CampaignFacts, FileFacts, ItemRow, Kind, RemovalRow, ReportData, SystemFacts
from tenancy.scope import now

_ITEM_FIELDS = (
    "id", "position", "subject_name", "account_kind", "privileged", "flags", "change", "routed_by", "decision",
    "reason_code", "reason", "target_role", "decided_at", "decided_in_bulk", "system__name", "account__name",
    "account__account_id", "account__display_name", "entitlement__role", "entitlement__meaning", "entitlement__resource",
    "entitlement__account_state", "entitlement__last_used_at", "entitlement__last_used_state", "entitlement__granted_at",
    "entitlement__granted_by", "reviewer__name", "decider__name", "decided_by__user__name",
)  # fmt: skip
_LINES = """
SELECT json_build_array(
         i.position, i.system_id, a.account_id, e.entitlement_key, e.resource, i.decision, i.reason_code, i.reason,
         i.target_role, i.decider_id, i.decided_by_id, to_char(i.decided_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
       )::text
FROM reviews_item i JOIN inventory_entitlement e ON e.id = i.entitlement_id JOIN inventory_account a ON a.id = i.account_id
WHERE i.campaign_id = %s ORDER BY i.position
"""
_UNITS = dict(Snapshot._meta.get_field("stated_count_unit").flatchoices)


def gather(campaign: Campaign, kind: Kind) -> ReportData:
    """The data of one report: as of the sign-off for the decision report, of the closing for the completed one.

    The decision report leaves out what happened to a removal later, so that making it again gives the same data.
    """
    organization = campaign.tenant
    moment = campaign.signed_off_at if kind == Kind.DECISION else campaign.closed_at
    return ReportData(
        kind=kind,
        organization=organization.name,
        zone=organization.zone,
        as_of=instant(moment or now()),
        campaign=_campaign(campaign, kind),
        systems=[_system(part) for part in _scope(campaign)],
        items=_items(campaign),
        removals=_removals(campaign, kind),
        decision_lines=_decision_lines(campaign),
    )


def _decision_lines(campaign: Campaign) -> list[str]:
    """The decisions as reviews.signoff.digest hashes them, one line each."""
    with connection.cursor() as cursor:
        cursor.execute(_LINES, [campaign.pk])
        return [line for (line,) in cursor.fetchall()]


def instant(moment: dt.datetime | None) -> str:
    """ISO 8601 in UTC to the second, such as 2026-10-30T14:05:00Z; "" for none."""
    return f"{moment.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}" if moment else ""


def _day(day: dt.date | dt.datetime | None) -> str:
    return f"{day:%Y-%m-%d}" if day else ""


def _name(member: Member | None) -> str:
    return (member.name or member.email) if member else ""


def _campaign(campaign: Campaign, kind: Kind) -> CampaignFacts:
    closed = kind == Kind.COMPLETED
    return CampaignFacts(
        id=str(campaign.pk),
        reference=campaign.reference,
        name=campaign.name,
        period_from=_day(campaign.period_from),
        period_to=_day(campaign.period_to),
        due_on=_day(campaign.due_on),
        instructions=campaign.instructions,
        second_reviewer=campaign.second_reviewer.name if campaign.second_reviewer else "",
        second_reviewer_reason=campaign.second_reviewer_reason,
        item_count=campaign.item_count,
        population_digest=campaign.population_digest,
        started_by=_name(campaign.started_by),
        started_at=instant(campaign.started_at),
        signed_off_by=_name(campaign.signed_off_by),
        signed_off_at=instant(campaign.signed_off_at),
        sign_off_note=campaign.sign_off_note,
        decision_digest=campaign.decision_digest,
        closed_by=_name(campaign.closed_by) if closed else "",
        closed_at=instant(campaign.closed_at) if closed else "",
        closing_note=campaign.closing_note if closed else "",
        next_review_on=_day(campaign.next_review_on) if closed else "",
    )


def _scope(campaign: Campaign) -> Any:
    return (
        CampaignSystem.objects.filter(campaign=campaign)
        .select_related(
            "system__owner", "snapshot__imported_by__user", "snapshot__shrink_confirmed_by__user", "incomplete_accepted_by__user"
        )
        .prefetch_related("snapshot__files__file")
        .order_by("system__name")
    )


def _system(part: CampaignSystem) -> SystemFacts:
    system, snapshot = part.system, part.snapshot
    return SystemFacts(
        name=system.name,
        kind=system.get_kind_display(),
        criticality=system.get_criticality_display(),
        owner=system.owner.name if system.owner else "",
        route=[str(Route(route).label) for route in part.reviewer_order],
        as_of=instant(snapshot.as_of),
        as_of_basis=snapshot.as_of_basis,
        extracted_by=snapshot.extracted_by,
        query=snapshot.query,
        filters=snapshot.filters,
        stated_count=snapshot.stated_count,
        stated_unit=str(_UNITS[snapshot.stated_count_unit]).lower(),
        full_export=snapshot.full_export,
        rows_read=snapshot.rows_read,
        rows_accepted=snapshot.rows_accepted,
        rows_rejected=snapshot.rows_rejected,
        rows_duplicate=snapshot.rows_duplicate,
        accounts=snapshot.account_count,
        complete=snapshot.complete,
        incomplete_reasons=[str(reason) for reason in snapshot.incomplete_reasons],
        incomplete_reason=part.incomplete_reason,
        incomplete_accepted_by=_name(part.incomplete_accepted_by),
        shrink_reason=snapshot.shrink_reason,
        shrink_confirmed_by=_name(snapshot.shrink_confirmed_by),
        imported_by=_name(snapshot.imported_by),
        imported_at=instant(snapshot.imported_at),
        digest=snapshot.digest,
        items=part.item_count,
        left_out=part.left_out_count,
        files=[FileFacts(one.part, one.name, one.file.sha256, one.file.size, one.rows) for one in snapshot.files.all()],
        recounts=said_of(snapshot.count_changes),
        picture=snapshot.stated_count_file_id is not None,
    )


def _items(campaign: Campaign) -> list[ItemRow]:
    rows = Item.objects.filter(campaign=campaign).order_by("position").values(*_ITEM_FIELDS)
    return [_item(row) for row in rows.iterator(chunk_size=2000)]


def _item(row: dict[str, Any]) -> ItemRow:
    used_at = row["entitlement__last_used_at"]
    return ItemRow(
        id=str(row["id"]),
        number=row["position"],
        system=row["system__name"],
        account=row["account__name"],
        account_id=row["account__account_id"],
        account_kind=str(Account.Kind(row["account_kind"]).label),
        person=row["subject_name"],
        role=row["entitlement__role"],
        meaning=row["entitlement__meaning"],
        resource=row["entitlement__resource"],
        privileged=row["privileged"],
        account_state=row["entitlement__account_state"],
        last_used=_day(used_at) or str(LastUsed(row["entitlement__last_used_state"]).label),
        granted_on=_day(row["entitlement__granted_at"]),
        granted_by=row["entitlement__granted_by"],
        flags=[str(Flag(flag).label) for flag in row["flags"]],
        change=str(Change(row["change"]).label),
        reviewer=row["reviewer__name"] or "",
        routed_by=str(Route(row["routed_by"]).label) if row["routed_by"] in Route else row["routed_by"],
        decision=row["decision"],
        reason_code=str(Item.Reason(row["reason_code"]).label) if row["reason_code"] else "",
        reason=row["reason"],
        target_role=row["target_role"],
        decided_by=row["decider__name"] or row["decided_by__user__name"] or "",
        decided_at=instant(row["decided_at"]),
        in_bulk=row["decided_in_bulk"],
    )


def _removals(campaign: Campaign, kind: Kind) -> list[RemovalRow]:
    """The tasks that the review asked for, in the order of their items."""
    numbers = dict(Item.objects.filter(campaign=campaign, decision__in=["revoke", "modify"]).values_list("id", "position"))
    found = (
        Removal.objects.filter(Q(source_id=campaign.pk) | Q(source_id__in=list(numbers)), origin=Removal.Origin.REVIEW)
        .select_related("system", "account", "person", "assignee", "checked_snapshot", "claimed_by__user", "accepted_by__user")
        .order_by("reference")
    )
    rows = [_removal(one, numbers.get(one.source_id) if one.source_id else None, kind) for one in found]
    return sorted(rows, key=lambda row: (row.item or 0, row.reference))


def _removal(removal: Removal, number: int | None, kind: Kind) -> RemovalRow:
    later = _outcome(removal) if kind == Kind.COMPLETED else {}
    return RemovalRow(
        reference=removal.reference,
        item=number,
        kind=removal.get_kind_display(),
        urgent=removal.severity == Removal.Severity.URGENT,
        system=removal.system.name,
        account=removal.account.name,
        person=removal.person.name if removal.person else removal.account.display_name or removal.account.name,
        role=" ".join(filter(None, (removal.role, removal.resource))) or "The whole account",
        target_role=removal.target_role,
        reason=removal.reason,
        assignee=removal.assignee.name if removal.assignee and kind == Kind.COMPLETED else "",
        requested_at=instant(removal.requested_at),
        due_on=_day(removal.due_on),
        **later,
    )


def _outcome(removal: Removal) -> dict[str, Any]:
    """What became of it."""
    proof = removal.checked_snapshot
    return {
        "status": removal.status,
        "claimed_by": _name(removal.claimed_by),
        "claimed_at": instant(removal.claimed_at),
        "claim_note": removal.claim_note,
        "finding": removal.finding,
        "proof_as_of": instant(proof.as_of) if proof else "",
        "proof_digest": proof.digest if proof else "",
        "checked_at": instant(removal.checked_at),
        "times_reopened": removal.times_reopened,
        "accepted_by": _name(removal.accepted_by),
        "accepted_reason": removal.accepted_reason,
        "accepted_until": _day(removal.accepted_until),
        "closed_at": instant(removal.closed_at),
    }
