"""The place of the roadmap in the frame and in everybody's work."""

from audit.values import register_words
from controls.criteria import CRITERION_CHOICES
from controls.models.roadmap import Phase
from controls.roadmap.inbox import about, waiting
from ui.navigation import register_place
from workflow.inbox import register_inbox


def register() -> None:
    """Fill the registries."""
    register_place("controls", "Roadmap", "controls:roadmap", "controls.read", order=45, brief=True)
    register_words("controls.roadmaptask", "phase", Phase.choices)
    register_words("controls.roadmaptask", "criterion", CRITERION_CHOICES)
    register_inbox(waiting, about)
