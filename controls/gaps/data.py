"""What a gap analysis holds, and its form in the file: JSON in a fixed order, so that the same facts give the same bytes."""

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from audit.record import canonical

FORMAT = "plumbline.gap-analysis/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlRow:
    """A control in scope as it stood. Days are ISO, empty for none; `inputs` are SHA-256 by what they are of."""

    id: str
    code: str
    title: str
    owner: str
    owner_id: str
    priority: str
    cadence: str
    library_key: str
    criteria: list[str]
    design: str
    operation: str
    reasons: list[str]
    evidence: int
    by_hand: int
    expected: int
    on_time: int
    last_tested_on: str
    next_due_on: str
    inputs: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A control that is not in place, or a criterion in scope that no control answers (`control` is empty then)."""

    key: str
    control: str
    code: str
    title: str
    owner: str
    criteria: list[str]
    priority: str
    design: str
    reasons: list[str]
    sentence: str


@dataclass(frozen=True, slots=True)
class Deviation:
    """A control in scope that did not work as it should have in the period."""

    control: str
    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Said:
    """What a scan or another record says against a line of the checklist that controls in scope are tied to."""

    key: str
    line: str
    controls: list[str]
    outcome: str  # broken, or unknown: it could not be evaluated
    sentence: str


@dataclass(frozen=True, slots=True)
class Recommendation:
    """What to do, by which rule of docs/gap-analysis.md."""

    rule: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """A whole gap analysis."""

    format: str
    reference: str
    organization: str
    zone: str
    as_of: str
    made_at: str
    made_by: str
    period: dict[str, Any]
    figures: dict[str, Any]
    recommendations: list[Recommendation]
    gaps: list[Gap]
    deviations: list[Deviation]
    controls: list[ControlRow]
    inputs_digest: str
    records: list[Said] = field(default_factory=list)  # none in analyses of before they were told

    def to_json(self) -> bytes:
        """Canonical JSON, UTF-8."""
        return (canonical(dataclasses.asdict(self)) + "\n").encode()

    @classmethod
    def from_json(cls, content: bytes) -> "Snapshot":
        """Read back what `to_json` wrote. Raises ValueError for another format."""
        data: Mapping[str, Any] = json.loads(content)
        if data.get("format") != FORMAT:
            raise ValueError("This is no gap analysis of a format that is known.")
        return cls(
            **{
                **data,
                "recommendations": [Recommendation(**one) for one in data["recommendations"]],
                "gaps": [Gap(**one) for one in data["gaps"]],
                "deviations": [Deviation(**one) for one in data["deviations"]],
                "controls": [ControlRow(**one) for one in data["controls"]],
                "records": [Said(**one) for one in data.get("records", [])],
            }
        )

    @property
    def readiness(self) -> str:
        """The figure as a sentence: 51 of 58 (88 %)."""
        return str(self.figures["readiness"]["sentence"])
