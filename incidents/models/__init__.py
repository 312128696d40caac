"""Incidents, the events behind them, and who is on call."""

from incidents.models.event import SecurityEvent
from incidents.models.incident import Incident, IncidentMember, IncidentSystem, IncidentTime, Kind, Severity
from incidents.models.settings import IncidentSettings, SecurityTeamMember

__all__ = [
    "Incident",
    "IncidentMember",
    "IncidentSettings",
    "IncidentSystem",
    "IncidentTime",
    "Kind",
    "SecurityEvent",
    "SecurityTeamMember",
    "Severity",
]
