"""What of the evidence is not shown to everybody who may read evidence: what hangs only on records that are confidential.

It is kept, re-read and counted in figures like all other; lists, pages, files and the API pass over it.
"""

import uuid
from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Q, QuerySet

from accounts.limits import Limits
from evidence.belonging import handed
from evidence.models import Evidence, Population
from evidence.populations.registry import kinds

Hidden = Callable[[Any], Iterable[QuerySet[Evidence]]]
_hidden: list[Hidden] = []


def register_hidden_evidence(function: Hidden) -> Hidden:
    """`function(member)` gives querysets of the items of which this member must see nothing; none for those who may."""
    if function not in _hidden:
        _hidden.append(function)
    return function


class Outsider:
    """Somebody with no part in anything confidential: what an auditor takes along is what they may see."""

    pk = uuid.UUID(int=0)
    limits = Limits()

    def can(self, permission: str) -> bool:
        """Nothing."""
        return False


def evidence_seen_by(member: Any) -> QuerySet[Evidence]:
    """The items that a reader of evidence may see; asks the database nothing.

    Whoever is limited to areas sees what was made of records of these or of none, and what was handed to them.
    """
    rows = Evidence.objects.all()
    if apps := member.limits.shut_apps:
        others = Q(*(Q(subject_kind__startswith=f"{app}.") for app in apps), _connector=Q.OR)
        rows = rows.filter(~others | handed("evidence"))
    for function in _hidden:
        for hidden in function(member):
            rows = rows.exclude(pk__in=hidden.order_by().values("pk"))
    return rows


def populations_seen_by(member: Any) -> QuerySet[Population]:
    """The populations that a reader of evidence may see: of the areas they are limited to, and what was handed to them."""
    rows, apps = Population.objects.all(), member.limits.shut_apps
    if not apps:
        return rows
    return rows.filter(~Q(kind__in=[one.key for one in kinds() if one.app in apps]) | handed("population"))
