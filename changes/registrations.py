"""What changes put into the registries of the layers below."""

from changes.calendar import registrations as calendar
from changes.deployments import registrations as deployments
from changes.drafting import registrations as drafting
from changes.lifecycle import registrations as lifecycle
from changes.outputs import registrations as outputs
from changes.rights import visible_to
from changes.sources import registrations as sources
from incidents.links.registry import Kind, register_link


def register() -> None:
    """Fill the registries."""
    calendar.register()
    deployments.register()
    drafting.register()
    lifecycle.register()
    outputs.register()
    sources.register()
    register_link(Kind("change", "Change", "reference", visible_to))
