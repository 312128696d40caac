"""The place of sources in the frame."""

from changes.sources.pruning import prune
from ui.navigation import register_place
from workflow.schedule import register_periodic


def register() -> None:
    """Fill the registries."""
    register_place("changes", "Sources", "changes:source-list", "changes.read", order=60, more=True)
    register_periodic("changes.prune_deliveries", prune)
