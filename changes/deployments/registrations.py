"""The place of deployments in the frame, in the schedule, among the populations and among the events that controls run on."""

from changes.deployments import population
from changes.deployments.findings import raise_findings
from changes.deployments.periodic import settle
from changes.deployments.reconcile import moved
from changes.lifecycle.hooks import follow
from controls.occurrences.events import register_events
from evidence.populations.registry import register_population
from ui.navigation import register_place
from workflow.schedule import register_periodic


def register() -> None:
    """Fill the registries."""
    register_place("changes", "Deployments", "changes:deployment-list", "changes.read", order=40)
    register_place("changes", "Coverage", "changes:reconciliation", "changes.read", order=50, more=True)
    follow(moved)
    register_population(population.KIND, population.LABEL, population.STATEMENT, population.deployed)
    register_events("deployments", "Deployments", population.events)
    register_periodic("changes.settle_deployments", settle)
    register_periodic("changes.raise_deployment_findings", raise_findings)
