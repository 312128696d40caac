"""The data a report is made of: plain values, kept as JSON beside the PDF so that the report can be made again from it.

Instants are ISO 8601 in UTC, days ISO dates, "" where there is none. Nothing here reads the database or the clock.
"""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

SCHEMA = "plumbline-review-report-1"


class Kind(StrEnum):
    """Which report: of the decisions, made at sign-off, or of everything, made at the close."""

    DECISION = "decision"
    COMPLETED = "completed"


TITLES = {Kind.DECISION: "Decision report", Kind.COMPLETED: "Completed report"}
LETTERS = {Kind.DECISION: "D", Kind.COMPLETED: "C"}


@dataclass(frozen=True, slots=True)
class FileFacts:
    """A file that a population was read from."""

    part: str
    name: str
    sha256: str
    size: int
    rows: int


@dataclass(frozen=True, slots=True)
class SystemFacts:
    """A system of the review: its population, and what was checked about it."""

    name: str
    kind: str
    criticality: str
    owner: str
    route: list[str]
    as_of: str
    as_of_basis: str
    extracted_by: str
    query: str
    filters: str
    stated_count: int | None
    stated_unit: str
    full_export: bool
    rows_read: int
    rows_accepted: int
    rows_rejected: int
    rows_duplicate: int
    accounts: int
    complete: bool
    incomplete_reasons: list[str]
    incomplete_reason: str
    incomplete_accepted_by: str
    shrink_reason: str
    shrink_confirmed_by: str
    imported_by: str
    imported_at: str
    digest: str
    items: int
    left_out: int
    files: list[FileFacts] = field(default_factory=list)
    recounts: list[str] = field(default_factory=list)
    picture: bool = False


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One entitlement and the decision on it."""

    id: str
    number: int
    system: str
    account: str
    account_id: str
    account_kind: str
    person: str
    role: str
    meaning: str
    resource: str
    privileged: bool
    account_state: str
    last_used: str
    granted_on: str
    granted_by: str
    flags: list[str]
    change: str
    reviewer: str
    routed_by: str
    decision: str
    reason_code: str
    reason: str
    target_role: str
    decided_by: str
    decided_at: str
    in_bulk: bool


@dataclass(frozen=True, slots=True)
class RemovalRow:
    """One access to be removed or changed, and what became of it."""

    reference: str
    item: int | None
    kind: str
    urgent: bool
    system: str
    account: str
    person: str
    role: str
    target_role: str
    reason: str
    assignee: str
    requested_at: str
    due_on: str
    status: str = ""
    claimed_by: str = ""
    claimed_at: str = ""
    claim_note: str = ""
    finding: str = ""
    proof_as_of: str = ""
    proof_digest: str = ""
    checked_at: str = ""
    times_reopened: int = 0
    accepted_by: str = ""
    accepted_reason: str = ""
    accepted_until: str = ""
    closed_at: str = ""


@dataclass(frozen=True, slots=True)
class CampaignFacts:
    """The review itself, and who answered for it."""

    id: str
    reference: str
    name: str
    period_from: str
    period_to: str
    due_on: str
    instructions: str
    second_reviewer: str
    second_reviewer_reason: str
    item_count: int
    population_digest: str
    started_by: str
    started_at: str
    signed_off_by: str
    signed_off_at: str
    sign_off_note: str
    decision_digest: str
    closed_by: str
    closed_at: str
    closing_note: str = ""
    next_review_on: str = ""


@dataclass(frozen=True, slots=True)
class ReportData:
    """Everything a report says, before it is put into words."""

    kind: Kind
    organization: str
    zone: str
    as_of: str
    campaign: CampaignFacts
    systems: list[SystemFacts]
    items: list[ItemRow]
    removals: list[RemovalRow]
    decision_lines: list[str]
    schema: str = SCHEMA

    @property
    def reference(self) -> str:
        """Such as AR-2026-Q3-D: the review's reference, then D(ecision) or C(ompleted)."""
        return f"{self.campaign.reference}-{LETTERS[self.kind]}"

    @property
    def title(self) -> str:
        """Decision report, or Completed report."""
        return TITLES[self.kind]

    def to_json(self) -> bytes:
        """Canonical JSON, UTF-8: sorted keys, one item a line, so that the same data is the same bytes."""
        text = json.dumps(asdict(self), sort_keys=True, indent=1, ensure_ascii=False)
        return f"{text}\n".encode()

    @property
    def decisions_file(self) -> bytes:
        """The decisions exactly as they were hashed at sign-off: SHA-256 of these bytes is the campaign's decision digest."""
        return "\n".join(self.decision_lines).encode()

    @property
    def decisions_agree(self) -> bool:
        """Whether the decisions, hashed again for this report, are still those that were signed."""
        return hashlib.sha256(self.decisions_file).hexdigest() == self.campaign.decision_digest

    @property
    def digest(self) -> str:
        """SHA-256 of the JSON."""
        return hashlib.sha256(self.to_json()).hexdigest()


def from_json(content: bytes) -> ReportData:
    """The data of a report from its JSON file; raises ValueError on another schema."""
    raw: dict[str, Any] = json.loads(content)
    if raw.get("schema") != SCHEMA:
        raise ValueError(f"This is not report data of {SCHEMA}.")
    raw["kind"] = Kind(raw["kind"])
    raw["campaign"] = CampaignFacts(**raw["campaign"])
    raw["systems"] = [SystemFacts(**{**one, "files": [FileFacts(**f) for f in one["files"]]}) for one in raw["systems"]]
    raw["items"] = [ItemRow(**one) for one in raw["items"]]
    raw["removals"] = [RemovalRow(**one) for one in raw["removals"]]
    return ReportData(**raw)
