"""What changes put into the registries of the layers below."""

from changes.calendar import registrations as calendar
from changes.deployments import registrations as deployments
from changes.outputs import registrations as outputs
from changes.drafting import registrations as drafting


def register() -> None:
    """Fill the registries."""
    calendar.register()
    deployments.register()
    drafting.register()
    outputs.register()
