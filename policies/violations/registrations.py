"""The place of violations in the frame, in everybody's work and in the schedule."""

from policies.models import Violation
from policies.rights import READ
from policies.violations.inbox import about, waiting
from policies.violations.populations import register_populations
from policies.violations.reminding import remind
from policies.violations.watching import watch_own_rules
from ui.navigation import register_place
from workflow.inbox import register_inbox
from workflow.personal import register_naming
from workflow.schedule import register_periodic


def register() -> None:
    """Fill the registries."""
    register_place("policies", "Violations", "policies:violations", READ, order=50)
    register_inbox(waiting, about)
    register_populations()
    register_naming(Violation, "told")
    register_periodic("policies.watch_own_rules", watch_own_rules)
    register_periodic("policies.remind_of_violations", remind)
