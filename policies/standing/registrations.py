"""Where policies hold something up."""

from controls.binder.documents import register_documents
from controls.models.control import Leg
from controls.status.legs import register_leg
from evidence.links import Linkable, register_linkable
from policies.models import Policy
from policies.rights import READ
from policies.standing.legs import counted, shown
from policies.standing.people import acknowledged, trained
from policies.standing.shelf import documents


def register() -> None:
    """Fill the registries."""
    register_leg(Leg.POLICY, counted, shown)
    register_documents("policies", documents)
    register_documents("policies", acknowledged)
    register_documents("policies", trained)
    register_linkable(Linkable("Policy", Policy, READ, ("reference", "title")))
