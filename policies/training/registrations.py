"""The place of training in the frame, in everybody's work, in the schedule and among the populations."""

from policies.models import TrainingRecord
from policies.training.inbox import about, waiting
from policies.training.populations import register_populations
from policies.training.reminding import escalate, remind
from policies.training.rights import EVERYBODY
from ui.navigation import register_place
from workflow.inbox import register_inbox
from workflow.personal import register_about
from workflow.schedule import register_periodic


def register() -> None:
    """Fill the registries."""
    register_place("policies", "Training", "policies:training", EVERYBODY, order=30)
    register_inbox(waiting, about)
    register_periodic("policies.remind_of_training", remind)
    register_periodic("policies.tell_managers_of_training", escalate)
    register_populations()
    register_about(TrainingRecord, "person", title="Courses they took")
