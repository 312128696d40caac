"""The place of tests in the frame, in the work of those who make them, and on the pages of their evidence."""

from controls.testing.due import tests_about, tests_waiting
from controls.testing.proofs import proofs
from evidence.links import register_proofs
from ui.navigation import register_place
from workflow.inbox import register_inbox


def register() -> None:
    """Fill the registries."""
    register_place("controls", "Tests", "controls:test-list", "controls.read", order=30, more=True)
    register_inbox(tests_waiting, tests_about)
    register_proofs(proofs)
