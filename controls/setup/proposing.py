"""What the first audit period may be, from the answers."""

import datetime as dt
from typing import Any

from controls.library.questions import Proposal
from controls.models import AuditPeriod
from controls.occurrences.calendar import first_of

# A Type I is judged on one day. Three months are what it takes to put the controls in place before it.
MONTHS_BEFORE_TYPE_1 = 3


def proposed(proposal: Proposal, today: dt.date) -> dict[str, Any]:
    """Fields of a period: a Type II from the first of the next month on, a Type I at the end of a month."""
    if proposal.period_type == "type_2":
        kind, name = AuditPeriod.Kind.TYPE_2, "SOC 2 Type II"
        begins = first_of(today, months=1)
        ends = first_of(begins, months=proposal.period_months) - dt.timedelta(days=1)
    else:
        kind, name = AuditPeriod.Kind.TYPE_1, "SOC 2 Type I"
        begins = ends = first_of(today, months=MONTHS_BEFORE_TYPE_1 + 1) - dt.timedelta(days=1)
    return {
        "name": f"{name} {ends.year}",
        "kind": kind.value,
        "starts_on": begins,
        "ends_on": ends,
        "categories": [category.value for category in proposal.categories],
    }
