"""The shape of a starter control."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Cadence = Literal["daily", "weekly", "monthly", "quarterly", "half_yearly", "yearly", "per_event", "continuous"]
Population = Literal[
    "", "joiners", "leavers", "access_grants", "access_reviews", "changes", "incidents", "vendors", "deployments", "evidence"
]
Leg = Literal["policy", "technical", "operation", "monitoring"]
Priority = Literal["critical", "high", "medium", "low"]
OwnerRole = Literal[
    "Chief executive",
    "Security lead",
    "IT lead",
    "Engineering lead",
    "Platform lead",
    "People lead",
    "Privacy lead",
    "Support lead",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class StarterControl:
    """A control an organization can adopt and then edit as its own.

    `criteria` says for each criterion how the control answers it. `population` is named exactly when the cadence is
    per event: its rows are the expected occurrences. `legs` are those of the four that this control can have at all.
    `checklist` holds keys of the readiness checklist and of the eight rules.
    """

    key: str
    title: str
    objective: str
    operation: str
    owner_role: OwnerRole
    cadence: Cadence
    population: Population = ""
    evidence_expected: str
    test: str
    criteria: Mapping[str, str]
    legs: tuple[Leg, ...]
    instructions: str
    checklist: tuple[str, ...] = ()
    priority: Priority
