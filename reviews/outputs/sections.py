"""What each section of a report prints, as ready strings for its template."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from evidence.printing.words import Clock, day, listed, plural, share
from reviews.outputs.data import FileFacts, ItemRow, RemovalRow, ReportData, SystemFacts
from reviews.outputs.facts import Reviewer, Tally, by_reviewer, by_system, reported_done
from reviews.outputs.words import DECISIONS, STATES, as_of, completeness, outcome

SHOWN = 150
REGISTER_ROWS = 1000


@dataclass(frozen=True, slots=True)
class ScopeBlock:
    """A system's population and what was checked about it."""

    facts: SystemFacts
    statement: str
    notes: list[str]
    pairs: list[tuple[tuple[str, str], tuple[str, str]]]
    files: list[FileFacts]


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table about an entitlement: who, what, and a few words."""

    number: str
    system: str
    who: str
    account: str
    what: str
    flags: str
    decision: str
    why: str
    by: str
    at: str
    privileged: bool = False
    last_used: str = ""


@dataclass(frozen=True, slots=True)
class RemovalLine:
    """A row of a table about a removal."""

    reference: str
    system: str
    who: str
    what: str
    kind: str
    due: str
    done: str
    days: str
    late: str
    state: str
    tone: str
    proof: str


@dataclass(frozen=True, slots=True)
class ReviewerLine:
    """What one reviewer decided, and when."""

    tally: Tally
    bulk: str
    span: str
    remark: str


def scope_blocks(data: ReportData) -> list[ScopeBlock]:
    """Section 2: one block for each system."""
    clock = Clock(data.zone)
    return [_scope_block(facts, clock) for facts in data.systems]


def _scope_block(facts: SystemFacts, clock: Clock) -> ScopeBlock:
    duplicates = f", {facts.rows_duplicate:,} duplicate" if facts.rows_duplicate else ""
    rows = f"{facts.rows_read:,} read, {facts.rows_accepted:,} accepted, {facts.rows_rejected:,} rejected{duplicates}"
    pairs = [
        (("As of", as_of(facts, clock)), ("Extracted by", facts.extracted_by)),
        (("Imported", clock.moment(facts.imported_at)), ("Imported by", facts.imported_by)),
        (("Rows", rows), ("Accounts", f"{facts.accounts:,}")),
        (("Filters", facts.filters or "None stated"), ("Full export", "Declared" if facts.full_export else "Not declared")),
    ]
    return ScopeBlock(facts, completeness(facts), _scope_notes(facts), pairs, facts.files)


def _scope_notes(facts: SystemFacts) -> list[str]:
    notes = list(facts.recounts)
    if facts.stated_count is not None and not facts.picture:
        notes.append("There is no picture of the source's own count.")
    if facts.left_out:
        number = plural(facts.left_out, "entitlement")
        notes.append(
            f"Not in the review: {number} of accounts whose state counts as no access, such as suspended or deactivated."
        )
    if facts.incomplete_reasons and not facts.complete:
        notes.append("Not shown to be complete because: " + " ".join(facts.incomplete_reasons))
    if facts.incomplete_reason:
        who = facts.incomplete_accepted_by or "the compliance manager"
        notes.append(f"Reviewed all the same, by decision of {who}: {facts.incomplete_reason}")
    if facts.shrink_reason:
        who = facts.shrink_confirmed_by or "a compliance manager"
        notes.append(f"Smaller than half of the population before, confirmed by {who}: {facts.shrink_reason}")
    return notes


def lines(rows: Sequence[ItemRow], data: ReportData) -> list[Line]:
    """Entitlements as table rows."""
    clock = Clock(data.zone)
    return [_line(row, clock) for row in rows]


def _line(row: ItemRow, clock: Clock) -> Line:
    return Line(
        number=str(row.number),
        system=row.system,
        who=row.person,
        account=row.account if row.account != row.person else "",
        what=" · ".join(filter(None, (row.role, row.resource))),
        flags=", ".join(row.flags),
        decision=_decision(row),
        why=". ".join(filter(None, (row.reason_code, row.reason))),
        by=row.decided_by if row.decision not in {"", "not_decided"} else row.reviewer,
        at=clock.short(row.decided_at),
        privileged=row.privileged,
        last_used=row.last_used,
    )


def _decision(row: ItemRow) -> str:
    shown = f"{DECISIONS[row.decision]} to {row.target_role}" if row.target_role else DECISIONS[row.decision]
    return f"{shown} (bulk)" if row.in_bulk else shown


def removal_lines(rows: Sequence[RemovalRow], data: ReportData) -> list[RemovalLine]:
    """Removals as table rows."""
    clock = Clock(data.zone)
    return [_removal_line(row, clock) for row in rows]


def _removal_line(row: RemovalRow, clock: Clock) -> RemovalLine:
    done = reported_done(row)
    days, late = clock.days_between(row.requested_at, done), clock.days_late(row.due_on, done)
    tones = {"verified_removed": "ok", "verified_changed": "ok", "still_active": "bad", "accepted": "warn"}
    return RemovalLine(
        reference=row.reference,
        system=row.system,
        who=row.person,
        what=f"{row.role} to {row.target_role}" if row.target_role else row.role,
        kind=row.kind,
        due=day(row.due_on),
        done=clock.date_of(done),
        days="" if days is None else str(days),
        late=str(late) if late else "",
        state=STATES[row.status],
        tone=tones.get(row.status, ""),
        proof=_proof(row, clock),
    )


def _proof(row: RemovalRow, clock: Clock) -> str:
    said = outcome(row, clock)
    again = ""
    if row.times_reopened:
        again = f" Reported done {plural(row.times_reopened, 'time')} before while it was still active."
    digest = f" Export SHA-256 {row.proof_digest[:16]}…" if row.proof_digest else ""
    return f"{said}{again}{digest}"


def reviewer_lines(data: ReportData) -> list[ReviewerLine]:
    """Who decided what, and when."""
    clock = Clock(data.zone)
    return [_reviewer_line(one, clock) for one in by_reviewer(data)]


def _reviewer_line(one: Reviewer, clock: Clock) -> ReviewerLine:
    remarks = []
    if one.kept_all_at_once:
        remarks.append("Kept everything in one bulk act")
    if one.after_due:
        remarks.append(f"{one.after_due:,} after the due date")
    span = clock.short(one.first_at)
    if one.last_at and one.last_at != one.first_at:
        span = f"{clock.short(one.first_at)} to {clock.short(one.last_at)}"
    return ReviewerLine(
        one.tally, share(one.tally.in_bulk, one.tally.keep) if one.tally.in_bulk else "-", span, "; ".join(remarks)
    )


def register(data: ReportData) -> list[tuple[str, list[Line]]]:
    """Section 8: every entitlement, by system; empty when there are too many to read on paper."""
    if len(data.items) > REGISTER_ROWS:
        return []
    return [
        (one.name, lines([row for row in data.items if row.system == one.name], data)) for one in by_system(data) if one.total
    ]


def scope_sentence(data: ReportData) -> str:
    """What was reviewed, and of how many accounts nothing was."""
    reviewed = Counter(system for system, _ in {(row.system, row.account_id) for row in data.items})
    names = listed([facts.name for facts in data.systems])
    count, accounts = plural(data.campaign.item_count, "entitlement"), plural(reviewed.total(), "account")
    said = f"The review covers {count} of {accounts} in {plural(len(data.systems), 'system')}: {names}."
    left = sum(max(0, facts.accounts - reviewed[facts.name]) for facts in data.systems if facts.left_out)
    if not left:
        return said
    verb, state = ("is", "its state counts") if left == 1 else ("are", "their states count")
    return f"{said} {plural(left, 'more account')} {verb} left out, as {state} as no access."
