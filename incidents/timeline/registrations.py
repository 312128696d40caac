"""What the timeline does by itself."""

from evidence.hooks import on_kept_apart
from incidents import hooks
from incidents.proof import is_of_an_incident
from incidents.slots import register_slot
from incidents.timeline import following
from incidents.timeline.actions import note
from incidents.timeline.page import timeline_of


def register() -> None:
    """Fill the registries."""
    hooks.on_opened(following.opened)
    hooks.on_moved(following.moved)
    hooks.on_noted(note)
    register_slot("main", "incidents/timeline.html", timeline_of, order=10, late=("main", 90), jump=("Timeline", "timeline"))
    on_kept_apart(is_of_an_incident)
