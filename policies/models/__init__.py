"""What policies are kept in."""

from policies.models.acknowledgement import (
    Acknowledgement,
    AcknowledgementCampaign,
    AcknowledgementPaper,
    AcknowledgementRule,
)
from policies.models.background import BackgroundCheck, BackgroundGap, BackgroundRule
from policies.models.exception import PolicyException
from policies.models.policy import Policy, PolicyApproval, PolicyControl, PolicyPaper, PolicyVersion
from policies.models.training import Course, TrainingRecord
from policies.models.violation import Violation

__all__ = [
    "Acknowledgement",
    "AcknowledgementCampaign",
    "AcknowledgementPaper",
    "AcknowledgementRule",
    "BackgroundCheck",
    "BackgroundGap",
    "BackgroundRule",
    "Course",
    "Policy",
    "PolicyApproval",
    "PolicyControl",
    "PolicyException",
    "PolicyPaper",
    "PolicyVersion",
    "TrainingRecord",
    "Violation",
]
