"""The import that came after a claim and did not judge it: which, and why."""

from dataclasses import dataclass

from inventory.models import Removal, Snapshot
from inventory.models.removal import OPEN
from inventory.snapshots.repeating import is_unconfirmed
from ui.values import exact


@dataclass(frozen=True, slots=True)
class Uncounted:
    """An import, and why it says nothing of the removal."""

    snapshot: Snapshot
    why: str

    @property
    def sentence(self) -> str:
        """For the page of the removal."""
        on = f", imported on {exact(self.snapshot.imported_at)}" if self.snapshot.imported_at else ""
        named = f"The export of {self.snapshot.system.name} as of {exact(self.snapshot.as_of)}{on}"
        return f"{named}, does not count for this removal: {self.why}."


def uncounted(removal: Removal) -> Uncounted | None:
    """The latest import since it was claimed done, if it did not count; None when there is none, or it was compared."""
    if removal.status not in OPEN or removal.claimed_at is None:
        return None
    imported = Snapshot.objects.filter(
        system_id=removal.system_id, status=Snapshot.Status.IMPORTED, imported_at__gt=removal.claimed_at
    )
    latest = imported.select_related("system").order_by("-imported_at", "-pk").first()
    if latest is None or latest.pk == removal.checked_snapshot_id or not (why := _why(removal, latest)):
        return None
    return Uncounted(latest, why)


def _why(removal: Removal, snapshot: Snapshot) -> str:
    checked = removal.checked_snapshot
    if removal.claimed_at is not None and snapshot.as_of <= removal.claimed_at:
        return f"it was taken before the removal was claimed done, {exact(removal.claimed_at)}, so it cannot show what was done"
    if checked is not None and snapshot.as_of <= checked.as_of:
        return "one that was taken later was compared already"
    if not snapshot.complete:
        return "it does not count as complete"
    if snapshot.waived:
        return "how it differs from the one before was accepted by name, and such a one verifies nothing"
    if is_unconfirmed(snapshot):
        return "its very file was imported before, and nobody said that the source gave the same again"
    return ""
