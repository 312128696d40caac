"""What policies are kept in."""

from policies.models.acknowledgement import Acknowledgement, AcknowledgementCampaign, AcknowledgementRule
from policies.models.policy import Policy, PolicyApproval, PolicyControl, PolicyPaper, PolicyVersion

__all__ = [
    "Acknowledgement",
    "AcknowledgementCampaign",
    "AcknowledgementRule",
    "Policy",
    "PolicyApproval",
    "PolicyControl",
    "PolicyPaper",
    "PolicyVersion",
]
