"""Whether a population may be called complete: ARCHITECTURE.md, "Complete snapshot". All in plain sentences."""

from dataclasses import dataclass

from django.template.defaultfilters import date as date_format
from django.utils.formats import number_format

from evidence.tables.text import header_key
from inventory.models import Removal, Snapshot

UNITS = {"accounts": ("account", "accounts"), "rows": ("row", "rows"), "entitlements": ("entitlement", "entitlements")}
NO_FILTERS = frozenset({"", "-", "n/a", "no", "none", "no filter", "no filters", "none used", "not filtered", "unfiltered"})


@dataclass(frozen=True, slots=True)
class Verdict:
    """`faults` cannot be waived; `differences` from the previous complete one can, by a compliance manager."""

    faults: list[str]
    differences: list[str]

    def reasons(self, snapshot: Snapshot) -> list[str]:
        """What keeps it from being complete now."""
        return self.faults if snapshot.waived else [*self.faults, *self.differences]


def judge(snapshot: Snapshot) -> Verdict:
    """Look at a snapshot that has been read: its counts, its answers and the last complete one before it."""
    previous = previous_complete(snapshot)
    return Verdict(_faults(snapshot), _differences(snapshot, previous) if previous else [])


def previous_complete(snapshot: Snapshot) -> Snapshot | None:
    """The latest complete snapshot of the system that is older by its own as-of."""
    earlier = Snapshot.objects.filter(system_id=snapshot.system_id, complete=True, as_of__lt=snapshot.as_of)
    return earlier.exclude(pk=snapshot.pk).order_by("-as_of", "-imported_at").first()


def counted(snapshot: Snapshot) -> int:
    """What the file holds, in the unit in which the source's own count was given."""
    if snapshot.stated_count_unit == "accounts":
        return snapshot.account_count
    if snapshot.stated_count_unit == "rows":
        return sum(file.rows for file in snapshot.files.all())
    return snapshot.rows_accepted


def what_was_checked(snapshot: Snapshot) -> str:
    """The statement for screens and reports: what was checked against what. It never says "complete" by itself."""
    if snapshot.stated_count is None:
        return "The file was not checked against the source's own count: none was given."
    found, stated = _amount(counted(snapshot), snapshot), number_format(snapshot.stated_count, force_grouping=True)
    outcome = "equal" if counted(snapshot) == snapshot.stated_count else "not equal"
    return f"The file was checked against the source's own count: the source shows {stated}, the file has {found} ({outcome})."


def _faults(snapshot: Snapshot) -> list[str]:
    faults = []
    if not snapshot.full_export:
        faults.append("It was not declared to be a full export.")
    if filters_of(snapshot) and not _is_reviewed_so(snapshot):
        faults.append("Filters were used: it does not hold everything that the source has.")
    if snapshot.rows_rejected == 1:
        faults.append("1 row was rejected.")
    elif snapshot.rows_rejected:
        faults.append(f"{number_format(snapshot.rows_rejected, force_grouping=True)} rows were rejected.")
    if not snapshot.rows_accepted:
        faults.append("No row was accepted.")
    if snapshot.stated_count is None:
        faults.append("The count that the source itself shows was not given.")
    elif counted(snapshot) != snapshot.stated_count:
        stated = number_format(snapshot.stated_count, force_grouping=True)
        faults.append(f"The source shows {stated}, the file has {_amount(counted(snapshot), snapshot)}.")
    return faults


def _differences(snapshot: Snapshot, previous: Snapshot) -> list[str]:
    when = date_format(previous.as_of, "j M Y")
    differences = []
    if 2 * snapshot.rows_accepted < previous.rows_accepted:
        differences.append(
            f"It has {number_format(snapshot.rows_accepted, force_grouping=True)} entitlements, fewer than half of the "
            f"{number_format(previous.rows_accepted, force_grouping=True)} in the complete one of {when}."
        )
    missing = sorted(parts_of(previous) - parts_of(snapshot))
    if missing:
        named = " and ".join(part.replace("_", " ") for part in missing)
        differences.append(f"The complete one of {when} also had {named}; this one does not.")
    if snapshot.identified_by != previous.identified_by:
        differences.append(
            f"Accounts are identified by {snapshot.identified_by or 'nothing stated'} here, and by "
            f"{previous.identified_by or 'nothing stated'} in the complete one of {when}."
        )
    return differences


def parts_of(snapshot: Snapshot) -> set[str]:
    """The parts of its format that were uploaded."""
    return {file.part for file in snapshot.files.all()}


def columns_of(snapshot: Snapshot) -> dict[str, str]:
    """From which column of its file each part of an access was read; empty for a known format. Spelling aside."""
    columns = snapshot.mapping.get("columns") or {}
    fields = ("account_id", "account_name", "role", "resource")
    return {name: header_key(columns[name]) for name in fields if columns.get(name)}


def filters_of(snapshot: Snapshot) -> str:
    """The filters that were stated, spelling aside; empty when none were."""
    words = " ".join(snapshot.filters.split()).casefold().rstrip(".")
    return "" if words in NO_FILTERS else words


def _is_reviewed_so(snapshot: Snapshot) -> bool:
    """Whether what was reviewed of the system was pulled with the same filters: then a pull with them shows what is gone."""
    reviewed = Snapshot.objects.filter(pk__in=Removal.objects.filter(system_id=snapshot.system_id).values("base_snapshot"))
    return filters_of(snapshot) in {filters_of(one) for one in reviewed.exclude(pk=snapshot.pk).only("filters")}


def _amount(number: int, snapshot: Snapshot) -> str:
    one, many = UNITS[snapshot.stated_count_unit]
    return f"{number_format(number, force_grouping=True)} {one if number == 1 else many}"
