"""A report's dates and sentences. Whole sentences, never glued from parts of one."""

import datetime as dt
import zoneinfo
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class Clock:
    """Instants and days as the organization writes them."""

    zone: str

    def local(self, instant: str) -> dt.datetime | None:
        """An ISO instant in the organization's zone; None for ""."""
        return dt.datetime.fromisoformat(instant).astimezone(zoneinfo.ZoneInfo(self.zone)) if instant else None

    def moment(self, instant: str) -> str:
        """3 Oct 2026, 09:05 EDT; "" for none."""
        local = self.local(instant)
        return f"{local.day} {local:%b %Y, %H:%M} {zone_name(local)}" if local else ""

    def short(self, instant: str) -> str:
        """3 Oct, 09:05, for tables whose year is said elsewhere."""
        local = self.local(instant)
        return f"{local.day} {local:%b, %H:%M}" if local else ""

    def date_of(self, instant: str) -> str:
        """The local day of an instant: 3 Oct 2026."""
        local = self.local(instant)
        return day(f"{local:%Y-%m-%d}") if local else ""

    def days_between(self, first: str, last: str) -> int | None:
        """Local days from one instant to another; None when either is missing."""
        begin, end = self.local(first), self.local(last)
        return (end.date() - begin.date()).days if begin and end else None

    def days_late(self, due: str, instant: str) -> int:
        """How many local days after `due` (an ISO day) the instant lies; 0 when on time or missing."""
        local = self.local(instant)
        return max(0, (local.date() - dt.date.fromisoformat(due)).days) if local and due else 0


def zone_name(local: dt.datetime) -> str:
    """EST, or UTC+03:00 for zones without letters of their own."""
    name = local.tzname() or ""
    return name if name.isalpha() else f"UTC{name}"


def day(iso: str) -> str:
    """3 Oct 2026; "" for none."""
    if not iso:
        return ""
    value = dt.date.fromisoformat(iso)
    return f"{value.day} {value:%b %Y}"


def plural(number: int, one: str, many: str = "") -> str:
    """1 row, 12,345 rows."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


_SPELLED = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def spelled(number: int, one: str) -> str:
    """three matters, 12 matters."""
    return f"{_SPELLED[number] if number < len(_SPELLED) else number} {one if number == 1 else one + 's'}"


def share(part: int, whole: int) -> str:
    """551 of 600 (92 %); 0 of 0 of nothing. Never rounded up to all or down to none."""
    if not whole:
        return "0 of 0"
    percent = round(100 * part / whole)
    percent = min(percent, 99) if part < whole else percent
    percent = max(percent, 1) if part else percent
    return f"{part:,} of {whole:,} ({percent} %)"


def listed(parts: list[str]) -> str:
    """a, b and c."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""


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
