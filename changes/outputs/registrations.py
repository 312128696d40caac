"""What follows from changes by itself."""

from changes.lifecycle.hooks import on_moved
from changes.outputs import facts, together
from changes.outputs.feeding import feed_done
from workflow.schedule import register_periodic


def register() -> None:
    """Fill the registries."""
    on_moved(together.moved)
    register_periodic("changes.feed", feed_done)
    facts.register()
