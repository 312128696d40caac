"""A programme in the middle of its year: controls in every state, evidence in several months, work that is late."""

import datetime as dt
from dataclasses import dataclass

from accounts.models import Member
from controls.findings.actions import raise_finding
from controls.models import AuditPeriod, Control, CriterionExclusion
from controls.models.control import Leg
from controls.status.keep import refresh
from evidence.models import Evidence
from tests.controls.status import rows
from tests.controls.status.world import Expected, Trial

YEAR = (dt.date(2026, 1, 1), dt.date(2026, 12, 31))
TODAY = dt.date(2026, 5, 20)
ALL_LEGS = [leg.value for leg in Leg]


@dataclass(frozen=True)
class Programme:
    """What was made."""

    period: AuditPeriod
    controls: dict[str, Control]


def at(day: str) -> dt.datetime:
    """Noon, UTC."""
    return dt.datetime.fromisoformat(f"{day}T12:00:00+00:00")


def proven(control: Control, *days: str) -> None:
    """Evidence for every leg, collected on these days."""
    for day in days:
        item = rows.evidence(collected_at=at(day))
        for leg in control.legs:
            rows.link(control, item, leg)


def make_programme(manager: Member) -> Programme:
    """Security and availability in 2026, without physical access; see the comments for what each control is."""
    owner = rows.person_of(manager)
    period = rows.period("2026", *YEAR, categories=["security", "availability"])
    rows.period("2025", dt.date(2025, 1, 1), dt.date(2025, 12, 31))
    CriterionExclusion.objects.create(period=period, criterion="CC6.4", reason="There are no premises.")
    made = {
        # In place: one item stands for all legs, and one more from March.
        "whole": rows.control(owner=owner, criteria=("CC6.1", "CC6.4", "A1.2")),
        "tested": rows.control(owner=owner, criteria=("CC8.1",)),
        # Partly there: what is wrong differs.
        "ownerless": rows.control(criteria=("CC6.2", "CC7.2"), priority="critical"),
        "failed": rows.control(owner=owner, criteria=("CC7.1",), priority="high"),
        # Nothing at all.
        "bare": rows.control(owner=owner, criteria=("CC6.3",), priority="critical"),
        "bare too": rows.control(owner=owner, criteria=("A1.3",), priority="low"),
        # Nobody can tell.
        "unclear": rows.control(owner=owner, criteria=("CC6.1",), priority="critical"),
        # Not in scope: its criterion was judged not relevant, its category is not covered, it begins later.
        "irrelevant": rows.control(owner=owner, criteria=("CC6.4",), priority="critical"),
        "private": rows.control(owner=owner, criteria=("P1.1",), priority="critical"),
        "later": rows.control(owner=owner, criteria=("CC6.1",), in_scope_since=dt.date(2027, 1, 1)),
    }
    proven(made["whole"], "2026-01-10", "2026-03-05")
    proven(made["tested"], "2026-03-31")
    proven(made["ownerless"], "2026-04-02", "2026-05-01")
    proven(made["failed"], "2026-05-19")
    proven(made["unclear"], "2026-05-02")
    proven(made["irrelevant"], "2026-05-03")
    _extra_evidence(made)
    rows.trial(made["tested"], Trial(dt.date(2026, 4, 1), "pass"))
    rows.trial(made["failed"], Trial(dt.date(2026, 4, 1), "fail"))
    rows.trial(made["unclear"], Trial(dt.date(2026, 4, 1), "not_evaluable"))
    _occurrences(made)
    refresh()
    _findings(manager)
    return Programme(period, made)


def _extra_evidence(made: dict[str, Control]) -> None:
    """What counts once, elsewhere, or no more."""
    shared = rows.evidence(collected_at=at("2026-02-02"))
    rows.link(made["whole"], shared, Leg.POLICY)
    rows.link(made["tested"], shared, Leg.POLICY)
    rows.link(made["irrelevant"], shared, Leg.POLICY)
    rows.link(made["whole"], rows.evidence(collected_at=at("2026-02-03"), status=Evidence.Status.WITHDRAWN), Leg.POLICY)
    rows.link(made["whole"], rows.evidence(collected_at=at("2026-02-04")), Leg.POLICY, status="removed")
    rows.link(made["whole"], rows.evidence(collected_at=at("2025-12-30")), Leg.POLICY)
    rows.evidence(collected_at=at("2026-02-05"))
    # The last evening of March in New York is April elsewhere.
    rows.link(made["whole"], rows.evidence(collected_at=dt.datetime(2026, 4, 1, 2, tzinfo=dt.UTC)), Leg.TECHNICAL)


def _occurrences(made: dict[str, Control]) -> None:
    rows.occurrence(made["whole"], Expected(dt.date(2026, 4, 30), status="performed", performed_on=dt.date(2026, 4, 29)))
    rows.occurrence(made["tested"], Expected(dt.date(2026, 4, 30)))
    rows.occurrence(made["bare"], Expected(dt.date(2026, 1, 31)))
    rows.occurrence(made["bare"], Expected(dt.date(2026, 5, 20)))
    rows.occurrence(made["bare"], Expected(dt.date(2026, 6, 30)))
    rows.occurrence(made["ownerless"], Expected(dt.date(2026, 5, 31)))
    rows.occurrence(made["ownerless"], Expected(dt.date(2025, 12, 31)))  # of the year before
    rows.occurrence(made["irrelevant"], Expected(dt.date(2026, 3, 31)))
    rows.occurrence(made["failed"], Expected(dt.date(2026, 3, 31), status="did_not_occur"))


def _findings(manager: Member) -> None:
    for severity, day in (("critical", "2026-05-01"), ("critical", "2026-06-01"), ("low", "2026-04-01"), ("high", "2026-12-01")):
        raise_finding(actor=manager, title="To be put right", severity=severity, due_on=dt.date.fromisoformat(day))
