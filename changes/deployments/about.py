"""The deployments of one change and what the gate said of it, for the change's page."""

from typing import Any

from changes.models import Change, Deployment, GateAnswer

SHOWN = 10


def deployments_of(change: Change) -> dict[str, Any]:
    """Context of changes/deployments_of.html: the latest ten deployments and answers, and whether there are more. Two queries."""
    rows = list(Deployment.objects.filter(change=change).order_by("-deployed_at", "-id")[: SHOWN + 1])
    answers = list(GateAnswer.objects.filter(change=change).order_by("-asked_at", "-id")[: SHOWN + 1])
    return {
        "deployments": rows[:SHOWN],
        "more_deployments": len(rows) > SHOWN,
        "gate_answers": answers[:SHOWN],
        "more_answers": len(answers) > SHOWN,
    }
