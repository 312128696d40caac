"""Report data without a database: eight systems, 600 entitlements, the mess of real life."""

import hashlib
from dataclasses import replace

from reviews.outputs.data import CampaignFacts, FileFacts, ItemRow, Kind, RemovalRow, ReportData, SystemFacts

SYSTEMS = {
    "AWS production": 66,
    "Customer console": 51,
    "GitHub": 142,
    "Google Workspace": 70,
    "HR system": 82,
    "Okta": 148,
    "Payments": 14,
    "Production PostgreSQL": 27,
}
REVIEWERS = ("Priya Raman", "Tom Okafor", "Ingrid Solheim", "Marcus Webb", "Elena Duarte")
KEPT_AT_ONCE = "Marcus Webb"


def system(name: str, rows: int) -> SystemFacts:
    """A population; GitHub's file lacks three rows of the source's count."""
    short = name == "GitHub"
    held = rows - 3 if short else rows
    return SystemFacts(
        name=name, kind="Software as a service", criticality="High", owner="Priya Raman", route=["Line manager", "System owner"],
        as_of="2026-07-02T13:00:00Z", as_of_basis="asserted" if short else "file", extracted_by="Dan Whitfield, IT",
        query="Reports > Access > Current assignments", filters="", stated_count=rows, stated_unit="entitlements",
        full_export=True, rows_read=held, rows_accepted=held, rows_rejected=0, rows_duplicate=0, accounts=held // 2,
        complete=not short, incomplete_reasons=["the source shows 142 rows and the file has 139"] if short else [],
        incomplete_reason="The export was cut off; the three missing rows were reviewed by hand." if short else "",
        incomplete_accepted_by="Sara Lindqvist" if short else "", shrink_reason="", shrink_confirmed_by="",
        imported_by="Dan Whitfield", imported_at="2026-07-02T14:10:00Z", digest=("ab" * 32),
        items=rows, left_out=4 if name == "Okta" else 0,
        files=[FileFacts("main", f"{name.lower().replace(' ', '-')}.csv", "cd" * 32, 34_211, held)],
    )  # fmt: skip


def item(number: int, system_name: str) -> ItemRow:
    """Every thirteenth is removed, every fiftieth changed, every ninth flagged; one is not decided."""
    reviewer = REVIEWERS[number % len(REVIEWERS)]
    at_once = reviewer == KEPT_AT_ONCE
    decision = "retain" if at_once or number % 13 else "revoke"
    decision = "modify" if number % 50 == 1 and not at_once else decision
    decision = "not_decided" if number == 77 else decision
    flags = ["Unused for 90 days"] if number % 9 == 0 and not at_once else []
    minute = 30 if at_once else number % 60
    return ItemRow(
        id=f"00000000-0000-7000-8000-{number:012d}", number=number, system=system_name,
        account=f"person{number}@larkfield.example",
        account_id=f"00u{number:06d}", account_kind="A person's", person=f"Alexandra Person-{number}",
        role="Administrator of billing",
        meaning="May change invoices", resource="billing-production", privileged=number % 11 == 0, account_state="ACTIVE",
        last_used="2026-06-20", granted_on="2025-01-10", granted_by="Dan Whitfield", flags=flags, change="As last time",
        reviewer=reviewer, routed_by="Line manager", decision=decision, reason_code="Left" if decision == "revoke" else "",
        reason="Runs the quarter-end close, which is not yet over" if flags or decision == "not_decided" else "",
        target_role="Viewer" if decision == "modify" else "", decided_by="" if decision == "not_decided" else reviewer,
        decided_at=f"2026-07-{20 if at_once else 8 + number % 20:02d}T15:{minute:02d}:00Z", in_bulk=at_once,
    )  # fmt: skip


def removal(row: ItemRow, kind: Kind) -> RemovalRow:
    """Most are verified; one was reported done while still active, one is accepted."""
    asked = RemovalRow(
        reference=f"REM-2026-{row.number:04d}", item=row.number, kind="Remove" if row.decision == "revoke" else "Change",
        urgent=row.privileged, system=row.system, account=row.account, person=row.person, role=row.role,
        target_role=row.target_role, reason="Left", assignee="", requested_at="2026-07-30T15:00:00Z", due_on="2026-08-06",
    )  # fmt: skip
    if kind == Kind.DECISION:
        return asked
    if row.number == 91:
        return replace(
            asked, status="accepted", accepted_by="Sara Lindqvist", accepted_reason="Needed until the migration ends",
            accepted_until="2026-12-31", closed_at="2026-08-20T15:00:00Z",
        )  # fmt: skip
    again = row.number == 101
    return replace(
        asked, status="verified_removed", claimed_by="Dan Whitfield", claimed_at=f"2026-08-{12 if again else 3:02d}T15:00:00Z",
        finding="The entitlement is absent from the export of 14 Aug 2026.", proof_as_of="2026-08-14T13:00:00Z",
        proof_digest="ef" * 32, checked_at="2026-08-14T14:00:00Z", times_reopened=1 if again else 0,
        closed_at="2026-08-14T14:00:00Z",
    )  # fmt: skip


def report_data(kind: Kind = Kind.DECISION, *, entitlements: int = 600) -> ReportData:
    """The data of a report with up to 600 entitlements."""
    names = [name for name, rows in SYSTEMS.items() for _ in range(rows)][:entitlements]
    items = [item(number, name) for number, name in enumerate(names, start=1)]
    lines = [f'[{row.number}, "{row.decision}"]' for row in items]
    campaign = CampaignFacts(
        id="00000000-0000-7000-8000-000000000000", reference="AR-2026-Q3", name="Quarterly access review, Q3 2026",
        period_from="2026-07-01", period_to="2026-09-30", due_on="2026-07-30", instructions="", second_reviewer="",
        second_reviewer_reason="", item_count=len(items), population_digest="11" * 32, started_by="Sara Lindqvist",
        started_at="2026-07-03T14:00:00Z", signed_off_by="Sara Lindqvist", signed_off_at="2026-07-30T15:00:00Z",
        sign_off_note="Reviewed with the heads of Engineering and Support.",
        decision_digest=hashlib.sha256("\n".join(lines).encode()).hexdigest(),
        closed_by="Sara Lindqvist" if kind == Kind.COMPLETED else "",
        closed_at="2026-08-20T15:05:00Z" if kind == Kind.COMPLETED else "",
    )  # fmt: skip
    return ReportData(
        kind=kind,
        organization="Larkfield Software",
        zone="America/New_York",
        as_of=campaign.signed_off_at if kind == Kind.DECISION else campaign.closed_at,
        campaign=campaign,
        systems=[system(name, rows) for name, rows in SYSTEMS.items() if name in names],
        items=items,
        decision_lines=lines,
        removals=[removal(row, kind) for row in items if row.decision in {"revoke", "modify"}],
    )
