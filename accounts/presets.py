"""What tokens are usually made for, and the permissions of each; and the areas under which permissions are offered."""

from collections.abc import Iterable
from dataclasses import dataclass

from accounts.permissions import PERMISSIONS


@dataclass(frozen=True, slots=True)
class Preset:
    """What a program does, what its token is called, and what it may do."""

    key: str
    name: str
    scopes: tuple[str, ...]


PRESETS = (
    Preset("pipeline", "A pipeline that reports deployments", ("deployments.write", "changes.read")),
    Preset("alerts", "Alerts of another system", ("incidents.report",)),
    Preset("heartbeats", "Jobs and values that call in", ("monitoring.push",)),
    Preset("scans", "Scanners that import what they found", ("vulnerabilities.write",)),
    Preset("processing", "Documents that are validated", ("processing.record",)),
    Preset("violations", "Violations that another system finds", ("violations.write",)),
    Preset("events", "Control events of another system", ("events.write",)),
    Preset("populations", "Imports of people and accounts", ("people.write", "snapshots.write", "systems.read")),
    Preset(
        "reading", "Reading for dashboards and reports", ("controls.read", "findings.read", "reports.read", "monitoring.read")
    ),
)
_BY_KEY = {one.key: one for one in PRESETS}
_AREAS: tuple[tuple[str, frozenset[str]], ...] = (
    ("Access", frozenset({"home", "people", "systems", "snapshots", "reviews", "removals"})),
    ("Controls and evidence", frozenset({
        "evidence", "samples", "controls", "events", "alerts", "findings", "occurrences", "description",
    })),
    ("Changes", frozenset({"changes", "change_rules", "deployments"})),
    ("Incidents and uptime", frozenset({"incidents", "oncall", "monitoring", "vulnerabilities", "processing"})),
    ("Policies and training", frozenset({"policies", "violations", "training", "background_checks"})),
    ("Vendors, risk and privacy", frozenset({"vendors", "risks", "privacy", "holds", "subjects"})),
    ("Audit and reports", frozenset({"reports", "requests", "audit"})),
)  # fmt: skip
REST = "The organization"
AREAS = (*(area for area, _ in _AREAS), REST)


def preset_of(key: str) -> Preset | None:
    """What a token is usually made for, by its key; None for what there is not."""
    return _BY_KEY.get(key)


def area_of(permission: str) -> str:
    """The area it belongs to; what no area names belongs to the organization."""
    resource = permission.partition(".")[0]
    return next((name for name, resources in _AREAS if resource in resources), REST)


def by_area(permissions: Iterable[str]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Permissions with their words, under their areas."""
    found: dict[str, list[tuple[str, str]]] = {name: [] for name in AREAS}
    for key in permissions:
        found[area_of(key)].append((key, f"{PERMISSIONS[key]} ({key})"))
    return [(name, offered) for name, offered in found.items() if offered]
