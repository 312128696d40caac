"""What the page of an incident shows of its links."""

import uuid
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from accounts.models import Member
from incidents.links.actions import INCIDENT, RAISE
from incidents.links.registry import kind_of
from incidents.models import Incident, IncidentLink
from incidents.rights import may_work, visible_to


@dataclass(frozen=True, slots=True)
class Shown:
    """A link as a member sees it: the record's words and address only where they see the record."""

    link: IncidentLink
    label: str
    words: str
    url: str


def links_of(incident: Incident, member: Member) -> dict[str, Any]:
    """The `data` of templates/incidents/links.html, with the incidents that name this one."""
    works = may_work(member, incident)
    naming = IncidentLink.objects.filter(kind=INCIDENT, target=incident.pk, status=IncidentLink.Status.LINKED)
    others = visible_to(member).filter(pk__in=naming.values("incident"))
    return {
        "links": shown(incident, member),
        "named_by": list(others.order_by("reference")),
        "may_work": works,
        "may_raise": works and member.can(RAISE) and not incident.confidential,
    }


def shown(incident: Incident, member: Member) -> list[Shown]:
    """Its links; a query for each kind there is."""
    rows = list(incident.links.filter(status=IncidentLink.Status.LINKED))
    keys: dict[str, list[uuid.UUID]] = defaultdict(list)
    for row in rows:
        keys[row.kind].append(row.target)
    seen = {kind: found.seen(member, targets) for kind, targets in keys.items() if (found := kind_of(kind))}
    return [_shown(row, seen.get(row.kind, {}).get(row.target)) for row in rows]


def _shown(link: IncidentLink, target: Any) -> Shown:
    kind = kind_of(link.kind)
    label = kind.label if kind else link.kind
    if target is None:
        return Shown(link, label, "", "")
    return Shown(link, label, str(getattr(target, "title", "") or getattr(target, "name", "")), target.get_absolute_url())
