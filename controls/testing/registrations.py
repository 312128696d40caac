"""The place of tests in the frame, and in the work of those who make them."""

from controls.testing.due import tests_waiting
from ui.navigation import register_place
from workflow.inbox import register_inbox


def register() -> None:
    """Fill the registries."""
    register_place("controls", "Tests", "controls:test-list", "controls.read", order=30)
    register_inbox(tests_waiting)
