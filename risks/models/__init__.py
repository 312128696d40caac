"""The scale, the register with its tasks, and the annual assessment."""

from risks.models.assessment import RiskAssessment, RiskAssessmentVersion
from risks.models.risk import STEPS, Category, Risk, RiskControl, RiskRating, RiskWord, Treatment
from risks.models.scale import FEWEST, MOST, Level, Rated, RiskScale
from risks.models.task import RiskTask

__all__ = [
    "FEWEST",
    "MOST",
    "STEPS",
    "Category",
    "Level",
    "Rated",
    "Risk",
    "RiskAssessment",
    "RiskAssessmentVersion",
    "RiskControl",
    "RiskRating",
    "RiskScale",
    "RiskTask",
    "RiskWord",
    "Treatment",
]
