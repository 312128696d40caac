"""What policies are kept in."""

from policies.models.policy import Policy, PolicyApproval, PolicyControl, PolicyPaper, PolicyVersion

__all__ = ["Policy", "PolicyApproval", "PolicyControl", "PolicyPaper", "PolicyVersion"]
