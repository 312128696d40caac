"""What incidents put into the registries of the layers below."""

from incidents.oncall import registrations as oncall
from incidents.reporting import registrations as reporting
from incidents.timeline import registrations as timeline
from incidents.todo import registrations as todo


def register() -> None:
    """Fill the registries."""
    reporting.register()
    timeline.register()
    todo.register()
    oncall.register()
