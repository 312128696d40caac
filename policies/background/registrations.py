"""The place of background checks in the frame and in the schedule."""

from controls.binder.documents import register_documents
from controls.binder.facts import register_fact
from policies.background.binder import checked_first, checks
from policies.background.gaps import raise_findings
from policies.background.rights import READ
from policies.models import BackgroundCheck, BackgroundGap
from ui.navigation import register_place
from workflow.personal import register_about
from workflow.schedule import register_periodic


def register() -> None:
    """Fill the registries."""
    register_place("policies", "Background checks", "policies:background", READ, order=35)
    register_periodic("policies.raise_findings_of_checks", raise_findings)
    register_fact("no-access-before-check", checked_first)
    register_documents("policies", checks)
    register_about(BackgroundCheck, "person", title="Background checks", without=("sealed",))
    register_about(BackgroundGap, "person", title="Access before a background check")
