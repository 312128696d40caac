"""What policies are kept in."""

from policies.models.acknowledgement import Acknowledgement, AcknowledgementCampaign, AcknowledgementRule
from policies.models.exception import PolicyException
from policies.models.policy import Policy, PolicyApproval, PolicyControl, PolicyPaper, PolicyVersion
from policies.models.violation import Violation

__all__ = [
    "Acknowledgement",
    "AcknowledgementCampaign",
    "AcknowledgementRule",
    "Policy",
    "PolicyApproval",
    "PolicyControl",
    "PolicyException",
    "PolicyPaper",
    "PolicyVersion",
    "Violation",
]
