"""What a draft would ask of whom, before anybody is asked."""

import uuid
from dataclasses import dataclass, field

from django.db import connection
from django.db.models import Count

from inventory.models import Entitlement, Person, System
from inventory.models.system import Route
from inventory.people.deciding import routable_people
from reviews.campaigns.population import stage
from reviews.models import Campaign
from tenancy.models import Organization

_SHARES = """
SELECT reviewer_id, count(*), count(*) FILTER (WHERE cardinality(flags) > 0 OR privileged)
FROM review_population WHERE reviewer_id IS NOT NULL GROUP BY 1
"""
_STUCK = """
SELECT system_id, ways, subject_id, entitlement_owner_id, owner_id, manager_id, backup_reviewer_id, account_kind,
       count(*), min(subject_name || ': ' || role)
FROM review_population WHERE reviewer_id IS NULL GROUP BY 1, 2, 3, 4, 5, 6, 7, 8 ORDER BY 9 DESC, 10
"""
_KINDS = {"shared": "a shared account", "service": "a service account", "unmatched": "an account that belongs to nobody known"}


@dataclass(frozen=True, slots=True)
class Share:
    """How many items one person would get, and how many of them are flagged or privileged."""

    person: Person
    items: int
    special: int


@dataclass(frozen=True, slots=True)
class Stuck:
    """Items of one system that nobody can be asked about for the same reason; `sample` names one of them."""

    system: System
    items: int
    reason: str
    sample: str


@dataclass(slots=True)
class Preview:
    """What starting would do. `left_out` counts entitlements by the state of their account, which counts as no access."""

    items: int
    shares: list[Share]
    stuck: list[Stuck] = field(default_factory=list)
    left_out: list[tuple[str, int]] = field(default_factory=list)

    @property
    def left_out_words(self) -> str:
        """Such as "3 left out: 2 disabled, 1 suspended"; empty for none."""
        if len(self.left_out) == 1:
            state, count = self.left_out[0]
            return f"{count:,} left out: {state}"
        total = sum(count for _, count in self.left_out)
        return f"{total:,} left out: {', '.join(f'{count:,} {state}' for state, count in self.left_out)}" if total else ""

    @property
    def routed(self) -> int:
        """How many items have somebody to decide them."""
        return sum(share.items for share in self.shares)

    @property
    def stuck_items(self) -> int:
        """How many items have nobody."""
        return self.items - self.routed


def preview_campaign(campaign: Campaign, organization: Organization) -> Preview:
    """Work out the routing of a draft without changing anything."""
    today = organization.today()
    population = stage(campaign, today)
    with connection.cursor() as cursor:
        cursor.execute(_SHARES)
        shares = cursor.fetchall()
        cursor.execute(_STUCK)
        stuck = cursor.fetchall()
    named = _People({row[0] for row in shares} | {key for row in stuck for key in row[2:7] if key})
    named.routable = set(routable_people(today).values_list("pk", flat=True)) if stuck else set()
    people = named.people
    preview = Preview(population.count, [Share(people[key], items, special) for key, items, special in shares])
    preview.shares.sort(key=lambda share: (-share.items, share.person.name))
    preview.left_out = _left_out(campaign)
    systems = System.objects.in_bulk({row[0] for row in stuck})
    preview.stuck = _merged([Stuck(systems[row[0]], row[8], named.why(row), row[9]) for row in stuck])
    return preview


def _left_out(campaign: Campaign) -> list[tuple[str, int]]:
    """The entitlements that no item is made of, by the state of their account as the source has it, most first."""
    snapshots = campaign.scope.exclude(snapshot=None).values("snapshot")
    gone = Entitlement.objects.filter(snapshot__in=snapshots, no_access=True).order_by()
    counted = gone.values_list("account_state").annotate(n=Count("pk")).order_by("-n", "account_state")
    return [(state.lower() or "no access", count) for state, count in counted]


def _merged(found: list[Stuck]) -> list[Stuck]:
    """One line for each system and reason, most items first."""
    merged: dict[tuple[uuid.UUID, str], Stuck] = {}
    for one in found:
        key = (one.system.pk, one.reason)
        same = merged.get(key)
        merged[key] = Stuck(one.system, one.items + (same.items if same else 0), one.reason, same.sample if same else one.sample)
    return sorted(merged.values(), key=lambda one: (-one.items, one.system.name))


class _People:
    """The people a preview speaks of, and why each of them cannot be asked."""

    def __init__(self, keys: set[uuid.UUID]) -> None:
        self.people = Person.objects.in_bulk(keys)
        self.routable: set[uuid.UUID] = set()

    def why(self, row: tuple[object, ...]) -> str:
        """The sentence for a group of rows that has nobody: one clause for each way that was tried."""
        _, ways, subject, *candidates, kind, _, _ = row
        asked = dict(zip(("entitlement_owner", "system_owner", "line_manager", "backup"), candidates, strict=True))
        clauses = [self._clause(way, asked[way], subject, kind) for way in ways]  # type: ignore[attr-defined]
        return "; ".join(clauses)[:1].upper() + "; ".join(clauses)[1:] + "."

    def _clause(self, way: str, person: object, subject: object, kind: object) -> str:
        label = Route(way).label.lower()
        if person is None:
            return f"no line manager, as it is {_KINDS[str(kind)]}" if way == "line_manager" and kind in _KINDS else f"no {label}"
        found = self.people[person]
        if person == subject:
            return f"{label} {found.name} would decide on their own access"
        if found.status != Person.Status.ACTIVE:
            return (
                f"{label} {found.name} is {found.get_status_display().lower()}"
                if found.status == "on_leave"
                else f"{label} {found.name} has left"
            )
        return f"{label} {found.name} has no account here that may decide"
