"""Starter controls, in our own words. An organization adopts those that fit and then edits its own."""

from controls.library.access import GRANTING, GUARDING
from controls.library.ai import AI
from controls.library.assurance import ASSURANCE, RISK
from controls.library.change import CHANGE
from controls.library.data import CONFIDENTIALITY, PROCESSING_INTEGRITY
from controls.library.governance import GOVERNANCE, PEOPLE
from controls.library.monitoring import MONITORING
from controls.library.places import ASSETS, PHYSICAL
from controls.library.privacy import PRIVACY
from controls.library.protection import ENCRYPTION, NETWORK
from controls.library.resilience import AVAILABILITY, CONTINUITY, VENDORS
from controls.library.starter import StarterControl
from controls.library.weaknesses import INCIDENTS, VULNERABILITIES

GROUPS: dict[str, tuple[StarterControl, ...]] = {
    "Governance": GOVERNANCE,
    "People": PEOPLE,
    "Risk": RISK,
    "Checking the controls": ASSURANCE,
    "Access": GRANTING + GUARDING,
    "Places": PHYSICAL,
    "Assets": ASSETS,
    "Network": NETWORK,
    "Encryption": ENCRYPTION,
    "Monitoring": MONITORING,
    "Vulnerabilities": VULNERABILITIES,
    "Incidents": INCIDENTS,
    "Change": CHANGE,
    "Vendors": VENDORS,
    "Continuity": CONTINUITY,
    "Availability": AVAILABILITY,
    "Confidentiality": CONFIDENTIALITY,
    "Processing integrity": PROCESSING_INTEGRITY,
    "Privacy": PRIVACY,
    "Artificial intelligence": AI,
}

LIBRARY: dict[str, StarterControl] = {control.key: control for group in GROUPS.values() for control in group}

__all__ = ["GROUPS", "LIBRARY", "StarterControl"]
