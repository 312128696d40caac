"""The policies and procedures to start with. Their texts lie beside this file, one each."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from django.utils.text import capfirst

from controls.library.starter import OwnerRole
from policies.models import Policy

_TEXTS = Path(__file__).with_name("texts")
# Where a sentence or a cell begins with a fact, it is written large.
_BEGINS = re.compile(r"(?m)(^(?:[-*] |\d+\. )?(?:\*\*)?|[.!?] |\| )\{(\w+)\}")
_POLICY, _PROCEDURE = Policy.Kind.POLICY, Policy.Kind.PROCEDURE


@dataclass(frozen=True, slots=True)
class Starter:
    """A policy an organization can take and then edit as its own. `controls` are keys of starter controls."""

    key: str
    title: str
    kind: str
    owner_role: OwnerRole
    criteria: tuple[str, ...]
    controls: tuple[str, ...]

    def text(self, facts: Mapping[str, str]) -> str:
        """Its text with the organization's facts. Raises KeyError for a fact that is not there."""
        written = (_TEXTS / f"{self.key}.md").read_text(encoding="utf-8")
        begun = _BEGINS.sub(lambda found: found[1] + capfirst(facts[found[2]]), written)
        return begun.format_map(facts)


STARTERS = (
    Starter(
        "information-security", "Information security policy", _POLICY, "Security lead",
        ("CC1.1", "CC1.2", "CC1.3", "CC1.5", "CC2.2", "CC5.3"),
        ("GOV-001", "GOV-002", "GOV-003", "GOV-004", "GOV-005", "GOV-006", "ASR-001", "ASR-002"),
    ),
    Starter(
        "access-control", "Access control policy", _POLICY, "IT lead",
        ("CC6.1", "CC6.2", "CC6.3"),
        ("AC-001", "AC-002", "AC-003", "AC-004", "AC-005", "AC-006", "AC-007", "AC-008", "AC-009", "AC-010"),
    ),
    Starter(
        "acceptable-use", "Acceptable use policy", _POLICY, "Security lead",
        ("CC1.1", "CC1.5", "CC6.4", "CC6.7", "CC6.8"),
        ("PHY-001", "PHY-003", "AST-001", "AST-003", "AI-006"),
    ),
    Starter(
        "change-management", "Change management policy", _POLICY, "Engineering lead",
        ("CC8.1", "CC3.4"),
        ("CHG-001", "CHG-002", "CHG-003", "CHG-004", "CHG-005", "CHG-006", "CHG-007"),
    ),
    Starter(
        "incident-response", "Incident response plan", _PROCEDURE, "Security lead",
        ("CC7.2", "CC7.3", "CC7.4", "CC7.5", "CC2.3"),
        ("INC-001", "INC-002", "INC-003", "MON-004", "MON-005"),
    ),
    Starter(
        "backup", "Backup policy", _POLICY, "Platform lead",
        ("A1.2", "A1.3", "CC7.5"),
        ("BCP-002", "BCP-003"),
    ),
    Starter(
        "business-continuity", "Business continuity plan", _PROCEDURE, "Platform lead",
        ("CC9.1", "A1.2", "A1.3", "CC7.5"),
        ("BCP-001", "AVL-001", "MON-001"),
    ),
    Starter(
        "vendor-management", "Vendor management policy", _POLICY, "Security lead",
        ("CC9.2", "CC2.3"),
        ("VEN-001", "VEN-002", "AI-005"),
    ),
    Starter(
        "risk-management", "Risk management policy", _POLICY, "Security lead",
        ("CC3.1", "CC3.2", "CC3.3", "CC3.4", "CC5.1", "CC9.1"),
        ("RSK-001", "RSK-002"),
    ),
    Starter(
        "data-classification", "Data classification and handling policy", _POLICY, "Security lead",
        ("C1.1", "CC6.1", "CC6.7"),
        ("DAT-001",),
    ),
    Starter(
        "retention-disposal", "Retention and disposal policy", _POLICY, "Privacy lead",
        ("C1.2", "CC6.5", "P4.2", "P4.3"),
        ("DAT-002", "AST-002", "MON-002", "MON-003"),
    ),
    Starter(
        "encryption", "Encryption policy", _POLICY, "Platform lead",
        ("CC6.1", "CC6.7"),
        ("ENC-001", "ENC-002", "NET-003"),
    ),
    Starter(
        "vulnerability-management", "Vulnerability management policy", _POLICY, "Security lead",
        ("CC7.1", "CC6.6", "CC6.8"),
        ("VUL-001", "VUL-002", "VUL-003", "VUL-004", "NET-001", "NET-002", "NET-004"),
    ),
    Starter(
        "security-training", "Security training policy", _POLICY, "People lead",
        ("CC1.4", "CC2.2"),
        ("HR-001", "HR-002", "HR-003"),
    ),
    Starter(
        "privacy", "Privacy policy", _POLICY, "Privacy lead",
        ("P1.1", "P2.1", "P3.1", "P4.1", "P5.1", "P6.1", "P7.1", "P8.1"),
        ("PRV-001", "PRV-002", "PRV-003", "PRV-004", "PRV-005", "PRV-006"),
    ),
)  # fmt: skip
BY_KEY = {one.key: one for one in STARTERS}
