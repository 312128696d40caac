"""The place of tasks on the page, in everybody's work and in the schedule."""

from incidents import hooks
from incidents.slots import register_slot
from incidents.todo.actions import missing, unfinished
from incidents.todo.inbox import about, remind, waiting
from incidents.todo.page import tasks_of
from workflow.inbox import register_inbox
from workflow.schedule import register_periodic


def register() -> None:
    """Fill the registries."""
    hooks.needed_to_close(missing)
    hooks.on_unfinished(unfinished)
    register_slot("main", "incidents/tasks.html", tasks_of, order=20, jump=("Tasks", "tasks"))
    register_inbox(waiting, about)
    register_periodic("incidents.remind_of_tasks", remind)
