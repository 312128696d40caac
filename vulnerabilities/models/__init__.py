"""Scans, what they found, and penetration tests."""

from vulnerabilities.models.penetration import PenetrationTest
from vulnerabilities.models.scan import Scan, Sighting, TlsResult
from vulnerabilities.models.scope import OF_SETTINGS, ScanScope, Tool
from vulnerabilities.models.settings import VulnerabilitySettings
from vulnerabilities.models.vulnerability import PENDING, Severity, Vulnerability

__all__ = [
    "OF_SETTINGS",
    "PENDING",
    "PenetrationTest",
    "Scan",
    "ScanScope",
    "Severity",
    "Sighting",
    "TlsResult",
    "Tool",
    "Vulnerability",
    "VulnerabilitySettings",
]
