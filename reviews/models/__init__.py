"""Campaigns and their items."""

from reviews.models.campaign import Campaign, CampaignSystem
from reviews.models.item import Item

__all__ = ["Campaign", "CampaignSystem", "Item"]
