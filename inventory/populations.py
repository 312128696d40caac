"""The populations for testing that systems and people give: joiners, leavers, access granted and access removed."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Least

from evidence.populations.registry import Table, register_population
from inventory.models import Entitlement, Person, Removal, Snapshot, System
from tenancy.models import current_organization
from ui.values import exact, plain

_CHUNK = 2000
_ROSTER = (
    "From the roster of this installation, which holds the people that were imported from the personnel system or added by hand."
)
_PERSON = ("Person", "Name", "E-mail", "Kind", "Department", "Title", "Manager", "Started", "Last working day", "State")
_GRANT = (
    "Entitlement", "System", "Account", "Person", "Role", "Resource", "Privileged", "Granted at (UTC)", "Granted by",
    "Listed in the export of (UTC)",
)  # fmt: skip
_REMOVAL = (
    "Removal", "System", "Account", "Person", "Role", "From", "Severity", "Asked for (UTC)", "Due", "State",
    "Verified at (UTC)", "Finding",
)  # fmt: skip


def register() -> None:
    """Offer them."""
    register_population("joiners", "Joiners", f"Everybody who started on these days. {_ROSTER}", joiners)
    register_population("leavers", "Leavers", f"Everybody whose last working day was one of these. {_ROSTER}", leavers)
    register_population(
        "access_grants",
        "Access granted",
        "Every entitlement that its own system says was granted on these days, from the exports that were imported, each once.",
        access_grants,
    )
    register_population(
        "access_removals",
        "Access removed",
        "Every task to remove or change access that was asked for on these days, by a review or because somebody left, with "
        "what a later export of the system showed.",
        access_removals,
    )


def joiners(period_from: dt.date, period_to: dt.date) -> Table:
    """People by the day they started."""
    people = Person.objects.filter(started_on__range=(period_from, period_to)).order_by("started_on", "pk")
    unknown = Person.objects.filter(started_on__isnull=True).count()
    return Table(_PERSON, _people(people), _unless_none(unknown, "on the roster without a first day, and not in this list"))


def leavers(period_from: dt.date, period_to: dt.date) -> Table:
    """People by their last working day, or the end of their contract where that comes first."""
    last = Least("left_on", "contract_ends_on")  # of PostgreSQL: of those that are known
    people = Person.objects.alias(last=last).filter(last__range=(period_from, period_to)).order_by("last", "pk")
    unknown = Person.objects.filter(status=Person.Status.LEFT, left_on__isnull=True, contract_ends_on__isnull=True).count()
    return Table(_PERSON, _people(people), _unless_none(unknown, "marked as left without a last day, and not in this list"))


def _unless_none(count: int, words: str) -> tuple[str, ...]:
    who = "1 person is" if count == 1 else f"{count:,} people are"
    return (f"{who} {words}.",) if count else ()


def _people(people: QuerySet[Person]) -> Iterator[tuple[str, ...]]:
    for one in people.select_related("manager").iterator(chunk_size=_CHUNK):
        manager = one.manager.name if one.manager else ""
        what = (one.get_kind_display(), one.department, one.title, manager)
        days = (plain(one.started_on), plain(one.last_day))
        yield (_name_of(one), one.name, one.email, *what, *days, one.get_status_display())


def _name_of(person: Person) -> str:
    """What tells this person from all others: the employee number, else the address, else the id."""
    return person.employee_number or person.email_key[:200] or str(person.pk)


def access_grants(period_from: dt.date, period_to: dt.date) -> Table:
    """Entitlements by the moment of their grant, each as the latest export lists it."""
    begin, end = _instants(period_from, period_to)
    listed = Entitlement.objects.filter(snapshot__status=Snapshot.Status.IMPORTED, granted_at__gte=begin, granted_at__lt=end)
    each = ("account_id", "entitlement_key", "resource")
    latest = listed.order_by(*each, "-snapshot__as_of", "-pk").distinct(*each)
    return Table(_GRANT, _grants(latest.select_related("snapshot__system", "account__person")), _silent_systems(), _exports())


def _exports() -> list[str]:
    """The latest export of each system: who extracted it, how, and what it was checked against."""
    imported = Snapshot.objects.filter(status=Snapshot.Status.IMPORTED)
    latest = imported.order_by("system_id", "-as_of", "-pk").distinct("system_id").select_related("system")
    return [_export(one) for one in sorted(latest, key=lambda one: one.system.name)]


def _export(one: Snapshot) -> str:
    unit = one.get_stated_count_unit_display().lower()
    stated = "not given" if one.stated_count is None else f"{one.stated_count:,} {unit}"
    return (
        f"{one.system.name}: latest export as of {exact(one.as_of)}, extracted by {one.extracted_by}; report or query: "
        f"{one.query}; filters: {one.filters or 'none'}; the source's own count: {stated}; imported: {one.rows_accepted:,} of "
        f"{one.rows_read:,} rows."
    )


def _silent_systems() -> tuple[str, ...]:
    """Which systems were imported and never said when access was granted."""
    imported = Snapshot.objects.filter(system=OuterRef("pk"), status=Snapshot.Status.IMPORTED)
    said = Entitlement.objects.filter(snapshot__system=OuterRef("pk"), granted_at__isnull=False)
    silent = System.objects.filter(Q(Exists(imported)), ~Q(Exists(said))).order_by("name").values_list("name", flat=True)
    names = ", ".join(silent)
    return (f"These systems do not say when access was granted, so theirs is not in this list: {names}.",) if names else ()


def _grants(rows: QuerySet[Entitlement]) -> Iterator[tuple[str, ...]]:
    for one in rows.iterator(chunk_size=_CHUNK):
        privileged = "not stated" if one.privileged is None else plain(one.privileged)
        person = one.account.person.name if one.account.person else ""
        what = (one.account.name, person, one.role, one.resource, privileged)
        yield (str(one.pk), one.snapshot.system.name, *what, plain(one.granted_at), one.granted_by, plain(one.snapshot.as_of))


def access_removals(period_from: dt.date, period_to: dt.date) -> Table:
    """Removals by the moment they were asked for."""
    begin, end = _instants(period_from, period_to)
    asked = Removal.objects.filter(requested_at__gte=begin, requested_at__lt=end).order_by("requested_at", "reference")
    return Table(_REMOVAL, _removals(asked.select_related("system", "account", "person")))


def _removals(rows: QuerySet[Removal]) -> Iterator[tuple[str, ...]]:
    for one in rows.iterator(chunk_size=_CHUNK):
        verified = one.status in {Removal.Status.VERIFIED_REMOVED, Removal.Status.VERIFIED_CHANGED}
        person = one.person.name if one.person else ""
        why = (one.get_origin_display(), one.get_severity_display(), plain(one.requested_at), plain(one.due_on))
        found = (one.get_status_display(), plain(one.checked_at) if verified else "", one.finding)
        yield (one.reference, one.system.name, one.account.name, person, one.role, *why, *found)


def _instants(period_from: dt.date, period_to: dt.date) -> tuple[dt.datetime, dt.datetime]:
    """When the first of these days begins and the last one ends where the organization lives."""
    organization = current_organization()
    return organization.end_of(period_from - dt.timedelta(days=1)), organization.end_of(period_to)
