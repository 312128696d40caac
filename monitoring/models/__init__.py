"""Checks, what they found, maintenance, and tests of recovery and under load."""

from monitoring.models.check import CLOCKS, Check, Health, Kind, Outage, health_badge, known_at
from monitoring.models.load import LoadTest
from monitoring.models.maintenance import MaintenanceCheck, MaintenanceWindow
from monitoring.models.recovery import CapacityReview, RecoveryTest
from monitoring.models.result import CheckHour, CheckResult, CheckSpan

__all__ = [
    "CLOCKS",
    "CapacityReview",
    "Check",
    "CheckHour",
    "CheckResult",
    "CheckSpan",
    "Health",
    "Kind",
    "LoadTest",
    "MaintenanceCheck",
    "MaintenanceWindow",
    "Outage",
    "RecoveryTest",
    "health_badge",
    "known_at",
]
