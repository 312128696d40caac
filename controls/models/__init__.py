"""Audit periods, controls with what is expected of them, their tests and the state derived from it all."""

from controls.models.control import CadenceChange, Control, ControlCriterion, ControlEvidence, ControlSystem
from controls.models.event import Alert, AlertRule, ControlEvent, EventBatch
from controls.models.finding import Finding, FindingEvidence
from controls.models.gap import GapRun
from controls.models.occurrence import Occurrence
from controls.models.period import AuditPeriod, CriterionExclusion, Engagement
from controls.models.roadmap import Roadmap, RoadmapTask
from controls.models.state import ControlState
from controls.models.test import ControlTest, ControlTestEvidence

__all__ = [
    "Alert",
    "AlertRule",
    "AuditPeriod",
    "CadenceChange",
    "Control",
    "ControlCriterion",
    "ControlEvent",
    "ControlEvidence",
    "ControlState",
    "ControlSystem",
    "ControlTest",
    "ControlTestEvidence",
    "CriterionExclusion",
    "Engagement",
    "EventBatch",
    "Finding",
    "FindingEvidence",
    "GapRun",
    "Occurrence",
    "Roadmap",
    "RoadmapTask",
]
