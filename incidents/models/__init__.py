"""Incidents, the events behind them, and who is on call."""

from incidents.models.channel import AlertChannel, AlertDelivery, AlertSettings, IncomingAlert
from incidents.models.clock import (
    Holiday,
    IncidentImpact,
    IncidentMoment,
    NotificationClock,
    NotificationRule,
    Trigger,
    Unit,
)
from incidents.models.escalation import Escalation, EscalationNotice, EscalationPolicy, EscalationStep
from incidents.models.event import SecurityEvent
from incidents.models.incident import Incident, IncidentMember, IncidentSystem, IncidentTime, Kind
from incidents.models.oncall import OnCallOverride, OnCallRotation, OnCallSchedule, OnCallTurn
from incidents.models.review import IncidentReview, ReviewControl, ReviewPaper
from incidents.models.settings import IncidentSettings, SecurityTeamMember
from incidents.models.severity import Severity
from incidents.models.task import IncidentLink, IncidentTask
from incidents.models.timeline import IncidentEntry

__all__ = [
    "AlertChannel",
    "AlertDelivery",
    "AlertSettings",
    "Escalation",
    "EscalationNotice",
    "EscalationPolicy",
    "EscalationStep",
    "Holiday",
    "Incident",
    "IncidentEntry",
    "IncidentImpact",
    "IncidentLink",
    "IncidentMember",
    "IncidentMoment",
    "IncidentReview",
    "IncidentSettings",
    "IncidentSystem",
    "IncidentTask",
    "IncidentTime",
    "IncomingAlert",
    "Kind",
    "NotificationClock",
    "NotificationRule",
    "OnCallOverride",
    "OnCallRotation",
    "OnCallSchedule",
    "OnCallTurn",
    "ReviewControl",
    "ReviewPaper",
    "SecurityEvent",
    "SecurityTeamMember",
    "Severity",
    "Trigger",
    "Unit",
]
