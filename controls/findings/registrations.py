"""The place of findings in the frame, in everybody's work, in the schedule and on the pages of their evidence."""

from audit.values import register_words
from controls.criteria import CRITERION_CHOICES
from controls.findings.inbox import about, waiting
from controls.findings.listing import FindingList
from controls.findings.periodic import end_acceptances, remind
from controls.findings.proofs import proofs
from controls.models import Finding
from evidence.links import register_proofs
from ui.navigation import register_place
from ui.searching import register_search
from workflow.inbox import register_inbox
from workflow.personal import register_naming
from workflow.schedule import register_periodic


def register() -> None:
    """Fill the registries."""
    register_search("controls:finding-list", FindingList, lambda one: f"{one.reference} {one.title}", order=40)
    register_place("controls", "Findings", "controls:finding-list", "findings.read", order=50, brief=True)
    register_words("controls.finding", "criterion", CRITERION_CHOICES)
    register_inbox(waiting, about)
    register_proofs(proofs)
    register_naming(Finding, "title", "risk", "remediation", "evidence_required")
    register_periodic("controls.end_acceptances", end_acceptances)
    register_periodic("controls.remind_of_findings", remind)
