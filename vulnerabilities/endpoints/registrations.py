"""The weekly check of endpoints in the schedule."""

from vulnerabilities.endpoints.tasks import check_due
from workflow.schedule import register_periodic


def register() -> None:
    """Fill the registries."""
    register_periodic("vulnerabilities.check_endpoints", check_due)
