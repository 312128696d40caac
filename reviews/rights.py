"""Who may look after a review."""

from reviews.models import Campaign
from workflow.delegations.kinds import Kind

READ, WRITE = "reviews.read", "reviews.write"
# Deciding and signing stay with those who are asked for it: they go into nobody's care.
KIND = Kind("campaign", "Review", Campaign, (READ, WRITE), WRITE, is_over=lambda one: one.status in {"closed", "cancelled"})
