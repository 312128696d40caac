"""The place of gap analyses in the frame and in the schedule."""

from controls.gaps.periodic import run_quarterly
from controls.gaps.tasks import make_missing
from ui.navigation import register_place
from workflow.schedule import register_periodic


def register() -> None:
    """Fill the registries."""
    register_place("controls", "Gaps", "controls:gap-list", "controls.read", order=40, brief=True)
    register_periodic("controls.gap_analysis", run_quarterly)
    register_periodic("controls.gap_reports", make_missing)
