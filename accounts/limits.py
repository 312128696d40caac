"""An auditor may be limited to one audit period and to some areas: of all else they are shown nothing, on whatever path they ask.

Areas hold by permissions: what no chosen area opens is not held. The period holds by the queries themselves (tenancy/spans.py).
"""

import datetime as dt
import uuid
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

from accounts.permissions import HOME
from accounts.roles import AUDITOR
from tenancy.scope import current_scope
from tenancy.spans import Span, seeing, whole
from ui.refusals import ActionRefused

NOBODY_ELSE = "Only somebody who is an auditor, and nothing else, is limited to an audit period or areas."


@dataclass(frozen=True, slots=True)
class Area:
    """A part of the product as an administrator chooses it: the resources of its permissions, and the apps of its records."""

    name: str
    resources: tuple[str, ...]
    apps: tuple[str, ...]


AREAS: dict[str, Area] = {
    "access": Area(
        "Access reviews, people and systems",
        ("people", "systems", "snapshots", "reviews", "removals"),
        ("inventory", "reviews"),
    ),
    "changes": Area("Changes and deployments", ("changes",), ("changes",)),
    "incidents": Area("Incidents", ("incidents",), ("incidents",)),
    "monitoring": Area("Monitoring and uptime", ("monitoring",), ("monitoring",)),
    "vulnerabilities": Area("Vulnerabilities", ("vulnerabilities",), ("vulnerabilities",)),
    "processing": Area("Processing", ("processing",), ("processing",)),
    "controls": Area("Controls, tests and findings", ("controls", "findings"), ("controls",)),
    "evidence": Area("Evidence, populations and samples", ("evidence", "samples"), ("evidence",)),
    "policies": Area("Policies", ("policies",), ("policies",)),
    "training": Area("Training", ("training",), ("policies",)),
    "vendors": Area("Vendors", ("vendors",), ("vendors",)),
    "risks": Area("Risks", ("risks",), ("risks",)),
    "privacy": Area("Privacy", ("privacy",), ("privacy",)),
    "reports": Area("Reports", ("reports",), ("reports",)),
    "packages": Area("Packages", ("packages",), ("proof",)),
    "trail": Area("The audit trail", ("audit",), ()),
    "members": Area("Members", ("members",), ("accounts",)),
}
AREA_CHOICES = [(key, area.name) for key, area in AREAS.items()]
_ALWAYS = frozenset({"home", "requests"})  # one's own work, and the list of what one asks for
_OWN = ("accounts.", "controls.requests.")  # screens of one's own account, and of that list


@dataclass(frozen=True, slots=True)
class Limits:
    """The areas and the audit period that somebody sees; none of one is no limit."""

    areas: tuple[str, ...] = ()
    period_id: uuid.UUID | None = None

    def __bool__(self) -> bool:
        """Whether there is any."""
        return bool(self.areas) or self.period_id is not None

    def __str__(self) -> str:
        """`Audit period 2026; Incidents, Risks`; empty without a limit. Inside of the organization's scope."""
        period = periods().get(self.period_id) if self.period_id else None
        when = f"Audit period {period.name}" if period else "An audit period that is gone" if self.period_id else ""
        return "; ".join(part for part in (when, ", ".join(AREAS[key].name for key in self.areas)) if part)

    @property
    def shut_apps(self) -> list[str]:
        """The apps whose records are in none of the areas: of the trail, what is about them is not shown."""
        if not self.areas:
            return []
        open_ones = {app for key in self.areas for app in AREAS[key].apps}
        return sorted({app for area in AREAS.values() for app in area.apps} - open_ones)

    def shut(self, permission: str, place: str) -> bool:
        """Whether a place that every member may open is in none of the areas; `place` is a module or a URL name."""
        if permission != HOME or place.startswith(_OWN):
            return False
        return place.replace(":", ".").partition(".")[0] in self.shut_apps

    @property
    def facts(self) -> dict[str, Any]:
        """As an event tells them."""
        period = periods().get(self.period_id) if self.period_id else None
        return {"areas": list(self.areas), "audit_period": period.name if period else self.period_id}

    def held(self) -> AbstractContextManager[None]:
        """Read as somebody with this period; one that is not there leaves nothing. Inside of the organization's scope."""
        if self.period_id is None:
            return nullcontext()
        period = periods().get(self.period_id)
        return seeing(period.span if period else NOTHING)


@dataclass(frozen=True, slots=True)
class Period:
    """An audit period, as far as it limits somebody."""

    name: str
    span: Span


Periods = Callable[[], Mapping[uuid.UUID, Period]]
_periods: list[Periods] = []
NOTHING = Span(
    uuid.UUID(int=0),
    dt.date.max,
    dt.date.min,
    dt.datetime.max.replace(tzinfo=dt.UTC),
    dt.datetime.min.replace(tzinfo=dt.UTC),
)


def register_periods(function: Periods) -> Periods:
    """`function()` gives the audit periods of the active organization, in the order in which they are offered: the app above."""
    _periods[:] = [function]
    return function


def periods() -> Mapping[uuid.UUID, Period]:
    """The audit periods of the active organization; one query in a scope."""
    kept = current_scope().kept
    if "audit periods" not in kept:
        with whole():
            kept["audit periods"] = _periods[0]()
    found: Mapping[uuid.UUID, Period] = kept["audit periods"]
    return found


def within_areas(permissions: frozenset[str], areas: Sequence[str]) -> frozenset[str]:
    """What is left of the permissions in these areas; without areas all of them."""
    if not areas:
        return permissions
    left = _ALWAYS.union(*(AREAS[key].resources for key in areas if key in AREAS))
    return frozenset(name for name in permissions if name.partition(".")[0] in left)


def checked_limits(roles: Sequence[str], areas: Collection[str], audit_period: uuid.UUID | None) -> dict[str, Any]:
    """The limits as they are kept. Raises ActionRefused for unknown ones, and for whoever is more than an auditor."""
    if (areas or audit_period) and list(roles) != [AUDITOR]:
        raise ActionRefused(NOBODY_ELSE, field="audit_period" if audit_period else "areas")
    if set(areas) - set(AREAS):
        raise ActionRefused("There is no such area.", field="areas")
    if audit_period is not None and audit_period not in periods():
        raise ActionRefused("There is no such audit period.", field="audit_period")
    return {"areas": [key for key in AREAS if key in areas], "audit_period_id": audit_period}
