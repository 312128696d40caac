"""What policies put into the registries of the layers below."""

from policies.acknowledging import registrations as acknowledging
from policies.background import registrations as background
from policies.exceptions import registrations as exceptions
from policies.standing import registrations as standing
from policies.training import registrations as training
from policies.violations import registrations as violations
from policies.writing import registrations as writing


def register() -> None:
    """Fill the registries."""
    writing.register()
    standing.register()
    acknowledging.register()
    training.register()
    background.register()
    exceptions.register()
    violations.register()
