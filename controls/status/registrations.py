"""What keeps the states true without anybody asking: the days, and changes of evidence."""

import uuid
from collections.abc import Collection

from audit.actors import Actor
from controls.models import ControlEvidence
from controls.status.keep import refresh, refresh_daily
from evidence.hooks import on_changed
from workflow.schedule import register_periodic


def register() -> None:
    """Fill the registries."""
    on_changed(refresh_proved)
    register_periodic("controls.states", refresh_daily)


def refresh_proved(evidence_ids: Collection[uuid.UUID], actor: Actor) -> None:
    """Derive anew the controls that these items are linked to."""
    links = ControlEvidence.objects.filter(evidence__in=list(evidence_ids), status=ControlEvidence.Status.LINKED)
    refresh(set(links.values_list("control", flat=True)))
