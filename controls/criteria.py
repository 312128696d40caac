"""The 61 Trust Services Criteria of 2017: ids of the AICPA, titles of ours."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models


class Category(models.TextChoices):
    """What an audit can cover. Security always; the others by choice."""

    SECURITY = "security", "Security"
    AVAILABILITY = "availability", "Availability"
    CONFIDENTIALITY = "confidentiality", "Confidentiality"
    PROCESSING_INTEGRITY = "processing_integrity", "Processing integrity"
    PRIVACY = "privacy", "Privacy"


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion, such as CC6.1; its family is CC6."""

    key: str
    title: str
    category: Category
    family: str

    def __str__(self) -> str:
        return f"{self.key} {self.title}"


# Family, its category, its title, and the titles of its criteria in order: CC1.1 is the first of CC1.
_FAMILIES: tuple[tuple[str, Category, str, tuple[str, ...]], ...] = (
    (
        "CC1",
        Category.SECURITY,
        "People and oversight",
        (
            "Integrity and ethics",
            "Independent board oversight",
            "Structure and authority",
            "Competent people",
            "Personal accountability",
        ),
    ),
    ("CC2", Category.SECURITY, "Information", ("Reliable information", "Internal communication", "External communication")),
    (
        "CC3",
        Category.SECURITY,
        "Risk",
        ("Clear objectives", "Risk identification", "Fraud risk", "Effect of major change"),
    ),
    ("CC4", Category.SECURITY, "Checking the controls", ("Control evaluations", "Deficiency follow-up")),
    ("CC5", Category.SECURITY, "Choice of controls", ("Mitigating controls", "Technology controls", "Policies in action")),
    (
        "CC6",
        Category.SECURITY,
        "Logical and physical access",
        (
            "Logical access safeguards",
            "Enrol, authorise and withdraw users",
            "Roles, least privilege, duty separation",
            "Physical access",
            "Safe asset retirement",
            "Perimeter defence",
            "Data in motion and on media",
            "Unwanted and malicious software",
        ),
    ),
    (
        "CC7",
        Category.SECURITY,
        "Detection and response",
        (
            "Weakness and drift detection",
            "Anomaly monitoring",
            "Event evaluation",
            "Incident response",
            "Incident recovery",
        ),
    ),
    ("CC8", Category.SECURITY, "Change", ("Change control",)),
    ("CC9", Category.SECURITY, "Disruption and partners", ("Disruption risk", "Vendor and partner risk")),
    ("A1", Category.AVAILABILITY, "Availability", ("Capacity", "Environment, backup, recovery means", "Recovery testing")),
    (
        "C1",
        Category.CONFIDENTIALITY,
        "Confidentiality",
        ("Identify and keep confidential data", "Dispose of confidential data"),
    ),
    (
        "PI1",
        Category.PROCESSING_INTEGRITY,
        "Processing integrity",
        ("Processing definitions", "Input controls", "Processing controls", "Output controls", "Stored-data controls"),
    ),
    ("P1", Category.PRIVACY, "Notice", ("Privacy notice",)),
    ("P2", Category.PRIVACY, "Choice", ("Choice and consent",)),
    ("P3", Category.PRIVACY, "Collection", ("Limited collection", "Explicit consent first")),
    ("P4", Category.PRIVACY, "Use, retention and disposal", ("Limited use", "Retention", "Disposal")),
    ("P5", Category.PRIVACY, "Access and correction", ("Individual's access", "Correction")),
    (
        "P6",
        Category.PRIVACY,
        "Disclosure and breaches",
        (
            "Consent to disclosure",
            "Record of permitted disclosures",
            "Record of improper disclosures",
            "Third-party privacy commitments",
            "Third-party breach reporting",
            "Breach notification",
            "Account to the individual",
        ),
    ),
    ("P7", Category.PRIVACY, "Data quality", ("Data quality",)),
    ("P8", Category.PRIVACY, "Complaints and monitoring", ("Complaints and monitoring",)),
)

FAMILIES: dict[str, str] = {family: title for family, _, title, _ in _FAMILIES}

CRITERIA: dict[str, Criterion] = {
    f"{family}.{number}": Criterion(f"{family}.{number}", title, category, family)
    for family, category, _, titles in _FAMILIES
    for number, title in enumerate(titles, start=1)
}

CRITERION_CHOICES: list[tuple[str, str]] = [(key, str(criterion)) for key, criterion in CRITERIA.items()]


def in_order(keys: Iterable[str]) -> tuple[str, ...]:
    """The criteria named, each once, in the order of the standard. KeyError for an id that does not exist."""
    wanted = {CRITERIA[key].key for key in keys}
    return tuple(key for key in CRITERIA if key in wanted)


def in_scope(categories: Iterable[str], not_relevant: Iterable[str] = ()) -> list[Criterion]:
    """The criteria an audit looks at: those of Security and of the categories, without those judged not relevant.

    ValueError for an unknown category, KeyError for an unknown criterion: a slip of either would move every figure.
    """
    chosen = {Category.SECURITY, *(Category(category) for category in categories)}
    left_out = set(in_order(not_relevant))
    return [criterion for key, criterion in CRITERIA.items() if criterion.category in chosen and key not in left_out]
