"""Audit periods, controls with what is expected of them, their tests and the state derived from it all."""

from controls.models.binder import ChecklistWaiver, SubserviceOrganization, SystemFlow, UserEntityControl
from controls.models.control import CadenceChange, Control, ControlCriterion, ControlEvidence, ControlSystem
from controls.models.description import Assertion, DescriptionApproval, DescriptionText, Diagram, SystemDescription
from controls.models.event import Alert, AlertRule, ControlEvent, EventBatch
from controls.models.finding import Finding, FindingEvidence
from controls.models.gap import GapRun
from controls.models.occurrence import Occurrence
from controls.models.period import AuditPeriod, CriterionExclusion, Engagement
from controls.models.request import AuditRequest, RequestComment, RequestControl, RequestProof
from controls.models.roadmap import Roadmap, RoadmapTask
from controls.models.state import ControlState
from controls.models.test import ControlTest, ControlTestEvidence

__all__ = [
    "Alert",
    "AlertRule",
    "Assertion",
    "AuditPeriod",
    "AuditRequest",
    "CadenceChange",
    "ChecklistWaiver",
    "Control",
    "ControlCriterion",
    "ControlEvent",
    "ControlEvidence",
    "ControlState",
    "ControlSystem",
    "ControlTest",
    "ControlTestEvidence",
    "CriterionExclusion",
    "DescriptionApproval",
    "DescriptionText",
    "Diagram",
    "Engagement",
    "EventBatch",
    "Finding",
    "FindingEvidence",
    "GapRun",
    "Occurrence",
    "RequestComment",
    "RequestControl",
    "RequestProof",
    "Roadmap",
    "RoadmapTask",
    "SubserviceOrganization",
    "SystemDescription",
    "SystemFlow",
    "UserEntityControl",
]
