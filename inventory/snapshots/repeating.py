"""Files that were imported before, byte for byte: only who saw the source can say that it really gave the same again."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from accounts.models import Member
from audit.actions import action
from audit.models import AuditEvent
from audit.record import record
from inventory.models import Snapshot, SnapshotFile
from ui.refusals import ActionRefused, stated
from ui.values import exact

CONFIRMED = "snapshot.confirm_repeat"
NOT_REPEATED = "These files were not imported before: there is nothing to confirm."


@dataclass(frozen=True, slots=True)
class Repeat:
    """The latest import of the very same files, and what was said of it: by whom, and why; empty while nobody did."""

    earlier: Snapshot
    hashes: tuple[str, ...]
    by: str = ""
    reason: str = ""

    @property
    def is_confirmed(self) -> bool:
        """Whether somebody said that the source gave the same again."""
        return bool(self.reason)

    @property
    def known(self) -> str:
        """Which files these are, and as what they were imported."""
        several = len(self.hashes) > 1
        files = "These very files were" if several else "This very file was"
        on = f" on {exact(self.earlier.imported_at)}" if self.earlier.imported_at else ""
        return f"{files} imported before{on}: {self.earlier} (the same SHA-256, {' and '.join(one[:12] for one in self.hashes)})."

    @property
    def notice(self) -> str:
        """What stays with the import."""
        if self.is_confirmed:
            return f"{self.known} {self.by} said why the source gave the same again: {self.reason}"
        return f"{self.known} Nobody said that the source gave the same again, so no removal is verified by it."


def repeat_of(snapshot: Snapshot) -> Repeat | None:
    """The import of the same system that holds every one of these files already; None when there is none before this one."""
    files = list(snapshot.files.select_related("file"))
    earlier = Snapshot.objects.filter(system_id=snapshot.system_id, status=Snapshot.Status.IMPORTED).exclude(pk=snapshot.pk)
    if snapshot.imported_at is not None:
        earlier = earlier.filter(imported_at__lt=snapshot.imported_at)
    for one in files:
        earlier = earlier.filter(Exists(SnapshotFile.objects.filter(snapshot=OuterRef("pk"), file_id=one.file_id)))
    latest = earlier.select_related("system").order_by("-imported_at", "-pk").first() if files else None
    if latest is None:
        return None
    hashes = sorted(one.file.sha256 for one in files)
    by, reason = _said_of(snapshot, _facts(snapshot, hashes))
    return Repeat(latest, tuple(hashes), by, reason)


def is_unconfirmed(snapshot: Snapshot) -> bool:
    """Whether its files were imported before and nobody said that the source gave the same again: they prove nothing new."""
    repeat = repeat_of(snapshot)
    return repeat is not None and not repeat.is_confirmed


@action
def confirm_repeat(snapshot: Snapshot, *, reason: str, actor: Member) -> None:
    """Say by name that the source really gave the same again at the moment of this import. Raises ActionRefused."""
    if not actor.can("snapshots.write"):
        raise ActionRefused("Your role does not allow importing.")
    locked = Snapshot.objects.select_for_update(of=("self",), no_key=True).get(pk=snapshot.pk)
    why, repeat = stated(reason, field="reason"), repeat_to_confirm(locked)
    record(
        CONFIRMED,
        locked,
        actor=actor,
        after=_facts(locked, list(repeat.hashes)),
        metadata={"same_as": str(repeat.earlier)},
        note=why,
    )


def repeat_to_confirm(snapshot: Snapshot) -> Repeat:
    """What can be confirmed now, before the import. Raises ActionRefused when there is nothing."""
    repeat = repeat_of(snapshot)
    if snapshot.status != Snapshot.Status.READY or repeat is None:
        raise ActionRefused(NOT_REPEATED)
    return repeat


def _facts(snapshot: Snapshot, hashes: list[str]) -> dict[str, object]:
    """What a confirmation is about: with other files, or of another moment, it does not count."""
    return {"files": hashes, "as_of": snapshot.as_of.isoformat()}


def _said_of(snapshot: Snapshot, facts: dict[str, object]) -> tuple[str, str]:
    event = AuditEvent.objects.filter(object_id=snapshot.pk, verb=CONFIRMED).order_by("-at", "-pk").first()
    if event is None or event.data["after"] != facts:
        return "", ""
    return event.actor_name, event.data["metadata"]["note"]
