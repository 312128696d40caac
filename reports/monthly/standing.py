"""The controls in scope as they stand at a moment: by the one rule that also makes the kept states."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from controls.criteria import CRITERIA
from controls.models import AuditPeriod, Control, ControlCriterion, ControlState
from controls.status.keep import derived
from controls.status.readiness import Share
from controls.status.scope import criteria_of
from tenancy.models import Organization


@dataclass(frozen=True, slots=True)
class Standing:
    """A control in scope of a period, and where it stands."""

    key: uuid.UUID
    code: str
    title: str
    owner: str
    priority: str
    design: str
    reasons: list[str]
    families: frozenset[str]

    @property
    def in_place(self) -> bool:
        """Whether it counts as implemented."""
        return self.design == "implemented"


def standings(period: AuditPeriod, day: dt.date, organization: Organization) -> list[Standing]:
    """Those in scope, by code. Of a closed period as they were kept; seven queries for any number of controls."""
    states = [state for state in _states(period, day, organization) if state.in_scope]
    controls = Control.objects.select_related("owner").only(*_SHOWN).in_bulk([state.control_id for state in states])
    families = _families(period)
    found = [_standing(state, controls[state.control_id], families[state.control_id]) for state in states]
    return sorted(found, key=lambda one: one.code)


_SHOWN = ("code", "title", "priority", "owner__name")


def _states(period: AuditPeriod, day: dt.date, organization: Organization) -> Iterator[ControlState]:
    if period.status == AuditPeriod.Status.CLOSED:
        yield from ControlState.objects.filter(period=period)
    else:
        yield from derived(period, day, organization)


def _families(period: AuditPeriod) -> dict[uuid.UUID, frozenset[str]]:
    found: dict[uuid.UUID, set[str]] = defaultdict(set)
    answers = ControlCriterion.objects.filter(criterion__in=criteria_of(period)).order_by()
    for control, criterion in answers.values_list("control", "criterion"):
        found[control].add(CRITERIA[criterion].family)
    return defaultdict(frozenset, {key: frozenset(families) for key, families in found.items()})


def _standing(state: ControlState, control: Control, families: frozenset[str]) -> Standing:
    return Standing(
        key=control.pk,
        code=control.code,
        title=control.title,
        owner=control.owner.name if control.owner else "",
        priority=control.priority,
        design=str(state.design),
        reasons=[str(reason) for reason in state.reasons],
        families=families,
    )


def share_of(rows: Iterable[Standing]) -> Share:
    """Readiness: implemented of those in scope."""
    found = list(rows)
    return Share(sum(1 for row in found if row.in_place), len(found))
