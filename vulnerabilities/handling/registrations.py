"""The place of vulnerabilities in the frame, in everybody's work and in the schedule."""

from ui.navigation import register_place
from vulnerabilities.handling.inbox import about, waiting
from vulnerabilities.handling.periodic import end_acceptances, remind
from vulnerabilities.rights import READ, WRITE
from workflow.inbox import register_inbox
from workflow.schedule import register_periodic


def register() -> None:
    """Fill the registries."""
    register_place("incidents", "Vulnerabilities", "vulnerabilities:list", READ, order=60)
    register_place("incidents", "Scans", "vulnerabilities:scan-list", READ, order=62, more=True)
    register_place("incidents", "What is scanned", "vulnerabilities:scope-list", READ, order=63, more=True)
    register_place("incidents", "Penetration tests", "vulnerabilities:test-list", READ, order=65, more=True)
    register_place("incidents", "Vulnerability settings", "vulnerabilities:settings", WRITE, order=96, more=True)
    register_inbox(waiting, about)
    register_periodic("vulnerabilities.end_acceptances", end_acceptances)
    register_periodic("vulnerabilities.remind", remind)
