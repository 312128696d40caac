"""The place of sources in the frame."""

from ui.navigation import register_place


def register() -> None:
    """Fill the registries."""
    register_place("changes", "Sources", "changes:source-list", "changes.read", order=60)
