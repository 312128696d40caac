"""What risks put into the registries of the layers below."""

from risks.outputs import registrations as outputs
from risks.register.inbox import about, waiting
from risks.register.listing import RiskList
from risks.register.periodic import end_acceptances, remind
from risks.rights import READ
from ui.navigation import register_place
from ui.searching import register_search
from workflow.inbox import register_inbox
from workflow.schedule import register_periodic


def register() -> None:
    """Fill the registries."""
    register_search("risks:list", RiskList, lambda one: f"{one.reference} {one.statement}", order=25)
    register_place("vendors", "Risks", "risks:list", READ, order=60, brief=True)
    register_place("vendors", "Heat map", "risks:heat-map", READ, order=62, more=True)
    register_place("vendors", "Risk assessments", "risks:assessment-list", READ, order=64, brief=True)
    register_place("vendors", "Risk scale", "risks:scale", READ, order=66, more=True)
    register_inbox(waiting, about)
    register_periodic("risks.end_acceptances", end_acceptances)
    register_periodic("risks.remind", remind)
    outputs.register()
