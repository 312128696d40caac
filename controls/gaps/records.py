"""What scans and other records say against controls in scope: the facts of the checklist, told by the areas that hold them."""

import datetime as dt
from collections.abc import Iterator

from controls.binder.facts import Outcome
from controls.binder.reading import readiness_of
from controls.gaps.data import Said
from controls.models import AuditPeriod


def records_of(period: AuditPeriod, day: dt.date) -> list[Said]:
    """What contradicts a line or could not be evaluated, in the order of the checklist, what is broken first.

    A fixed number of queries. What was said not to apply, and a line that no control in scope is tied to, is left out.
    """
    return sorted(_said(period, day), key=lambda one: one.outcome != Outcome.BROKEN)


def _said(period: AuditPeriod, day: dt.date) -> Iterator[Said]:
    for line in readiness_of(period, day).items:
        codes = [state.control.code for state in line.states]
        for fact in line.facts if codes and line.waiver is None else ():
            if fact.outcome != Outcome.HOLDS:
                yield Said(line.item.key, line.item.text, codes, fact.outcome.value, fact.sentence)
