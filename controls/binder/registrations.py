"""The place of the binder in the frame and in the schedule, and what this layer knows for it."""

from controls.binder import described, event_facts, own_documents
from controls.binder.documents import register_documents
from controls.binder.facts import register_fact
from controls.binder.own_facts import shared_accounts, trail_is_kept
from controls.binder.tasks import make_missing
from ui.navigation import register_place
from workflow.schedule import register_periodic


def register() -> None:
    """Fill the registries."""
    register_place("audit", "Binder", "controls:binder", "controls.read", order=10)
    register_periodic("controls.description_pdfs", make_missing)
    register_fact("no-shared-credentials", shared_accounts)
    register_fact("no-log-deletion", trail_is_kept)
    register_fact("no-ignored-alert", event_facts.alerts_looked_at)
    register_fact("no-unapproved-deployment", event_facts.changes_approved)
    register_fact("incidents", event_facts.logged_incidents)
    register_documents("description", described.description)
    register_documents("policies", own_documents.policies)
    register_documents("risk", own_documents.risk)
    register_documents("controls", own_documents.controls)
    register_documents("testing", own_documents.testing)
    register_documents("incidents", own_documents.incidents)
    register_documents("vendors", own_documents.vendors)
