"""How much depends on a vendor: three answers give its inherent risk, and the risk gives its tier and how often it is reviewed.

The rule is stated in docs/vendors.md, and the page of a vendor spells out what it came to.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import models


class DataShared(models.IntegerChoices):
    """What of ours, or of our customers', it gets to see. The number is its points."""

    NOTHING = 0, "No data, or only what is public"
    INTERNAL = 1, "Internal data of ours"
    CONFIDENTIAL = 2, "Confidential data of ours"
    CUSTOMER = 3, "Data of customers, or personal data"


class Criticality(models.IntegerChoices):
    """What happens when it fails."""

    NONE = 0, "Nobody would notice within a week"
    SLOW = 1, "Work is slower"
    HOURS = 2, "Our service suffers within hours"
    STOPS = 3, "Our service stops"


class Access(models.IntegerChoices):
    """What it can do in our systems."""

    NONE = 0, "No access to our systems"
    READ = 1, "Reads in our systems"
    WRITE = 2, "Changes things in our systems"
    PRIVILEGED = 3, "Administers our systems, or keeps our keys"


class Risk(models.TextChoices):
    """How much is at stake."""

    LOW = "low", "Low"
    MEDIUM = "medium", "Medium"
    HIGH = "high", "High"
    CRITICAL = "critical", "Critical"


class Tier(models.IntegerChoices):
    """What is asked of a vendor, and how often."""

    ONE = 1, "Tier 1"
    TWO = 2, "Tier 2"
    THREE = 3, "Tier 3"


ORDER: Sequence[str] = Risk.values  # from the least
REVIEW_DAYS: dict[int, int] = {1: 182, 2: 365, 3: 730}
EVERY: dict[int, str] = {1: "every six months", 2: "every year", 3: "every two years"}
_FLOORS = ((7, Risk.CRITICAL), (5, Risk.HIGH), (3, Risk.MEDIUM))  # points from which a level begins
MOST = 3  # of one answer


@dataclass(frozen=True, slots=True)
class Judged:
    """What the answers came to."""

    points: int
    risk: str
    tier: int
    raised: bool  # one answer alone made it high


def judge(data: int, criticality: int, access: int) -> Judged:
    """The points are added: from 3 medium, from 5 high, from 7 critical. One answer with all its points makes it high at least.

    Critical is tier 1, high tier 2, what is less tier 3.
    """
    points = data + criticality + access
    risk = next((level for floor, level in _FLOORS if points >= floor), Risk.LOW)
    raised = MOST in (data, criticality, access) and ORDER.index(risk) < ORDER.index(Risk.HIGH)
    risk = Risk.HIGH if raised else risk
    tier = {Risk.CRITICAL: Tier.ONE, Risk.HIGH: Tier.TWO}.get(risk, Tier.THREE)
    return Judged(points, str(risk.value), int(tier.value), raised)


def explained(data: int, criticality: int, access: int) -> list[str]:
    """How it came to that, a sentence for each step."""
    found = judge(data, criticality, access)
    given = ((DataShared(data).label, data), (Criticality(criticality).label, criticality), (Access(access).label, access))
    steps = [f"{label}: {points} of {MOST} points." for label, points in given]
    steps.append(f"{found.points} of {3 * MOST} points: low up to 2, medium from 3, high from 5, critical from 7.")
    if found.raised:
        steps.append(f"One answer has all its {MOST} points: the risk is high at least.")
    steps.append(f"{Risk(found.risk).label} risk is {Tier(found.tier).label.lower()}: reviewed {EVERY[found.tier]}.")
    return steps


def worse(one: str, other: str) -> bool:
    """Whether the first risk is graver than the second."""
    return ORDER.index(one) > ORDER.index(other)
