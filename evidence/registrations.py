"""What the lower apps should know of the evidence."""

from evidence.files import sweep_share
from evidence.importing.actions import recover_imports
from evidence.inbox import about, waiting
from evidence.populations import registrations as populations
from evidence.reminders import send_reminders
from evidence.tasks import reread_periodically
from evidence.views.lists import EvidenceList
from ui.navigation import register_place
from ui.searching import register_search
from workflow.inbox import register_inbox
from workflow.schedule import register_periodic


def register() -> None:
    """Fill the registries."""
    register_search("evidence:list", EvidenceList, lambda one: f"{one.reference} {one.title}", order=45)
    register_place("audit", "Evidence", "evidence:list", "evidence.read", order=20)
    register_inbox(waiting, about)
    register_periodic("evidence.sweep", sweep_share)
    register_periodic("evidence.reread", reread_periodically)
    register_periodic("evidence.remind", send_reminders)
    register_periodic("evidence.recover_imports", recover_imports)
    populations.register()
