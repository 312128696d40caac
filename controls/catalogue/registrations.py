"""The places of controls in the frame, the words of their events, and what runs by itself."""

from audit.values import register_words
from controls.catalogue.cadences import begin_planned
from controls.catalogue.listing import ControlList
from controls.criteria import CRITERION_CHOICES
from controls.periods.current import chooser
from ui.navigation import register_chooser, register_place
from ui.searching import register_search
from workflow.schedule import register_periodic


def register() -> None:
    """Fill the registries."""
    register_search("controls:list", ControlList, order=5)
    register_place("controls", "Controls", "controls:list", "controls.read", order=10)
    register_place("controls", "Criteria", "controls:criterion-list", "controls.read", order=70, more=True)
    register_place("controls", "Audit periods", "controls:period-list", "controls.read", order=80, more=True)
    register_chooser("period", chooser)
    register_words("controls.auditperiod", "criteria", CRITERION_CHOICES)
    register_periodic("controls.frequencies", begin_planned)
