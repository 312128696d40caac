"""What policies put into the registries of the layers below."""

from policies.acknowledging import registrations as acknowledging
from policies.background import registrations as background
from policies.exceptions import registrations as exceptions
from policies.register.listing import PolicyList
from policies.standing import registrations as standing
from policies.training import registrations as training
from policies.training.listing import CourseList
from policies.violations import registrations as violations
from policies.writing import registrations as writing
from ui.searching import register_search


def register() -> None:
    """Fill the registries."""
    register_search("policies:list", PolicyList, lambda one: f"{one.reference} {one.title}", order=10)
    register_search("policies:courses", CourseList, order=15)
    writing.register()
    standing.register()
    acknowledging.register()
    training.register()
    background.register()
    exceptions.register()
    violations.register()
