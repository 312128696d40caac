"""What a report of a review calls decisions, states and counts."""

from evidence.printing.words import Clock, day, plural
from reviews.outputs.data import RemovalRow, SystemFacts

DECISIONS = {"retain": "Keep", "revoke": "Remove", "modify": "Change", "not_decided": "Not decided", "": "Open"}
STATES = {
    "requested": "Requested",
    "claimed": "Claimed done",
    "verified_removed": "Verified removed",
    "verified_changed": "Verified changed",
    "still_active": "Still active",
    "cannot_be_verified": "Cannot be verified",
    "accepted": "Accepted by name",
    "": "Requested",
}


def counted_units(facts: SystemFacts) -> int:
    """What the file holds, in the unit in which the source states its count."""
    if facts.stated_unit.startswith("account"):
        return facts.accounts
    return facts.rows_read if facts.stated_unit.startswith("row") else facts.rows_accepted


def counted_name(facts: SystemFacts, number: int) -> str:
    """61 accounts, 142 rows, 27 entitlements."""
    unit = facts.stated_unit.split(" ")[0].rstrip("s") or "row"
    return plural(number, unit)


def completeness(facts: SystemFacts) -> str:
    """What was checked against what, in the words of audit practice."""
    if facts.stated_count is None:
        return "The source's own count was not stated, so the file could not be checked against it."
    stated, held = counted_name(facts, facts.stated_count), counted_name(facts, counted_units(facts))
    if facts.complete:
        return f"The file was checked against the source's own count: the source showed {stated}, the file holds {held}."
    return f"The source showed {stated}, the file holds {held}. The population could not be shown to be complete."


def as_of(facts: SystemFacts, clock: Clock) -> str:
    """As of when, and by whom that was said."""
    moment = clock.moment(facts.as_of)
    if facts.as_of_basis == "file":
        return f"{moment}, stated by the file"
    return f"{moment}, asserted by {facts.imported_by or 'the importer'}"


def outcome(removal: RemovalRow, clock: Clock) -> str:
    """What became of a removal, and what shows it."""
    if removal.status == "accepted":
        until = day(removal.accepted_until)
        return f"By {removal.accepted_by} until {until}: {removal.accepted_reason}"
    if removal.finding:
        return removal.finding
    if removal.proof_as_of:
        return f"{STATES[removal.status]}, by the export as of {clock.moment(removal.proof_as_of)}."
    return f"{STATES[removal.status]}. No later export has been imported yet."
