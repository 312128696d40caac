"""Reading kept gap analyses back, with their hash checked."""

import hashlib

from controls.gaps.data import Snapshot
from controls.models import GapRun
from evidence.files import open_file
from ui.refusals import ActionRefused

ALTERED = "The file of {} does not match the hash under which it was kept. Tell your administrator: it is not shown."


def snapshot_of(run: GapRun) -> Snapshot:
    """The whole analysis. Load the run with its file. Raises ActionRefused when the file is missing or altered."""
    with open_file(run.file) as file:
        content = file.read()
    if hashlib.sha256(content).hexdigest() != run.file.sha256:
        raise ActionRefused(ALTERED.format(run.reference))
    return Snapshot.from_json(content)


def before(run: GapRun) -> GapRun | None:
    """The latest earlier analysis: of the same period, else of any."""
    earlier = GapRun.objects.filter(made_at__lt=run.made_at).select_related("file", "period").order_by("-made_at")
    return earlier.filter(period=run.period_id).first() or earlier.first()
