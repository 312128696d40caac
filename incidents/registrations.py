"""What incidents put into the registries of the layers below."""

from incidents.alerts import forgetting
from incidents.clocks import registrations as clocks
from incidents.links import registrations as links
from incidents.measures import registrations as measures
from incidents.oncall import registrations as oncall
from incidents.outputs import registrations as outputs
from incidents.reporting import registrations as reporting
from incidents.reviewing import registrations as reviewing
from incidents.timeline import registrations as timeline
from incidents.todo import registrations as todo


def register() -> None:
    """Fill the registries."""
    reporting.register()
    timeline.register()
    todo.register()
    oncall.register()
    clocks.register()
    reviewing.register()
    links.register()
    measures.register()
    forgetting.register()
    outputs.register()
