"""Systems, people and what they may do there."""

from django.apps import AppConfig


class InventoryConfig(AppConfig):
    """Inventory."""

    name = "inventory"
    verbose_name = "Systems, people, populations"
