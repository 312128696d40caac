"""What vulnerabilities put into the registries of the layers below."""

from vulnerabilities.endpoints import registrations as endpoints
from vulnerabilities.handling import registrations as handling
from vulnerabilities.outputs import registrations as outputs


def register() -> None:
    """Fill the registries."""
    endpoints.register()
    handling.register()
    outputs.register()
