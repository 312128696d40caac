"""The register: every entitlement with its decision and, once the review is closed, what became of it."""

import csv
import io
from collections.abc import Iterator

from evidence.printing.words import Clock
from reviews.outputs.data import ItemRow, Kind, RemovalRow, ReportData
from reviews.outputs.facts import reported_done
from reviews.outputs.words import DECISIONS, STATES
from ui.screens.export import quoted

HEADER = (
    "No.", "System", "Person", "Account", "Account id", "Account kind", "Role or permission", "Meaning", "Resource",
    "Privileged", "Account state", "Last used", "Granted on", "Granted by", "Flags", "Since the last review", "Reviewer asked",
    "Asked as", "Decision", "Reason", "Reason in words", "Change to", "Decided by", "Decided at (UTC)", "In bulk",
)  # fmt: skip
OUTCOME = (
    "Removal", "Due", "State", "Reported done by", "Reported done at (UTC)", "Days taken", "Days late", "Finding",
    "Proof as of (UTC)", "Proof SHA-256", "Accepted by", "Accepted until", "Accepted because",
)  # fmt: skip


def header(data: ReportData) -> tuple[str, ...]:
    """The column names."""
    return HEADER + OUTCOME if data.kind == Kind.COMPLETED else HEADER


def rows(data: ReportData) -> Iterator[list[str | int]]:
    """One row for each entitlement, in the order of the review."""
    clock = Clock(data.zone)
    removals = {row.item: row for row in data.removals if row.item is not None}
    for item in data.items:
        yield _item(item) + (_outcome(removals.get(item.number), clock) if data.kind == Kind.COMPLETED else [])


def register_csv(data: ReportData) -> bytes:
    """The register as CSV (UTF-8); a cell that a spreadsheet would take for a formula is quoted."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(header(data))
    writer.writerows([quoted(cell) if isinstance(cell, str) else cell for cell in row] for row in rows(data))
    return buffer.getvalue().encode()


def _item(row: ItemRow) -> list[str | int]:
    return [
        row.number, row.system, row.person, row.account, row.account_id, row.account_kind, row.role, row.meaning, row.resource,
        _yes(row.privileged), row.account_state, row.last_used, row.granted_on, row.granted_by, ", ".join(row.flags),
        row.change, row.reviewer, row.routed_by, DECISIONS[row.decision], row.reason_code, row.reason, row.target_role,
        row.decided_by, row.decided_at, _yes(row.in_bulk),
    ]  # fmt: skip


def _outcome(row: RemovalRow | None, clock: Clock) -> list[str | int]:
    if row is None:
        return [""] * len(OUTCOME)
    done = reported_done(row)
    days = clock.days_between(row.requested_at, done)
    return [
        row.reference, row.due_on, STATES[row.status], row.claimed_by, row.claimed_at, "" if days is None else days,
        clock.days_late(row.due_on, done) if done else "", row.finding, row.proof_as_of, row.proof_digest, row.accepted_by,
        row.accepted_until, row.accepted_reason,
    ]  # fmt: skip


def _yes(value: bool) -> str:  # noqa: FBT001 - it is the value itself
    return "Yes" if value else "No"
