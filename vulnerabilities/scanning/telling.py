"""What a scan tells of a vulnerability, in the fields that scans write."""

from typing import Any

from vulnerabilities.models import Vulnerability
from vulnerabilities.reading.report import Found

WORDS = ("identifier", "names", "title", "description", "package", "version", "fixed_in", "location", "url", "severity_told")


def words_of(found: Found) -> dict[str, Any]:
    """The fields, as this scan has them."""
    return {
        "identifier": found.names[0],
        "names": found.names,
        "title": found.title[:300],
        "description": found.description,
        "package": found.package,
        "version": found.version,
        "fixed_in": found.fixed_in,
        "location": found.location,
        "url": found.url,
        "severity_told": found.told[:120],
    }


def take_over(one: Vulnerability, found: Found) -> bool:
    """Take over what a scan tells of it; whether that is something new. Names are only added."""
    told = words_of(found)
    told["names"] = list(dict.fromkeys([*one.names, *found.names]))
    differs = any(getattr(one, name) != value for name, value in told.items())
    for name, value in told.items():
        setattr(one, name, value)
    return differs


def facts_of(one: Vulnerability) -> dict[str, Any]:
    """What the trail says of one that is new."""
    shown = {"identifier": one.identifier, "package": one.package, "severity": one.severity, "due_on": one.due_on}
    return {**shown, "status": one.status, "first_seen_at": one.first_seen_at, "owner": one.owner.name if one.owner else None}
