"""Campaigns and their items."""

from reviews.models.campaign import Campaign, CampaignSystem
from reviews.models.item import Change, Flag, Item

__all__ = ["Campaign", "CampaignSystem", "Change", "Flag", "Item"]
