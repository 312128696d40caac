"""Change management: requests, approvals bound to what was approved, deployments accounted for."""
