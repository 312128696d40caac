"""The place of sources in the frame."""

from changes.models import Delivery
from changes.sources.pruning import KIND, prune
from ui.navigation import register_place
from workflow.pruning import KEPT
from workflow.retention import Disposable, register_disposable
from workflow.schedule import register_periodic


def register() -> None:
    """Fill the registries."""
    register_place("changes", "Sources", "changes:source-list", "changes.read", order=60, more=True)
    register_periodic("changes.prune_deliveries", prune)
    register_disposable(
        Disposable(
            key=KIND,
            label="Deliveries of sources of changes",
            words="What GitHub, GitLab and pipelines told, and what became of it. The changes themselves stay.",
            rows=Delivery.objects.all,
            moment="received_at",
            minimum=KEPT.days,  # a delivery is told from its repetition by the log
            usual=KEPT.days,
        )
    )
