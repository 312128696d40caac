"""Starting a rotation of keys, stopping it, letting it go on; and destroying keys."""

from accounts.models import Member
from accounts.sealing import SealingError
from audit.actions import action
from audit.actors import Actor
from audit.record import record
from keys.models import Purpose
from keys.store import forget
from proof.keys.places import EARLY, counts, current_keys, keys_here
from proof.keys.rotating import left_of, replace_keys
from proof.models import KeyRotation
from tenancy.models import Organization
from tenancy.scope import current_tenant_id, now
from ui.refusals import ActionRefused, stated

RUN = "organization.admin"
GOES_ON = "A rotation has begun that is not finished. Let it go on first."
NOTHING = "Nothing is encrypted yet, so there is no key to replace."
NEWEST = "Every data key is wrapped by the present master key already."


@action
def start_rotation(*, actor: Actor, level: str = KeyRotation.Level.DATA) -> KeyRotation:
    """Replace the data keys, or wrap them by the present master key; a worker does it. Raises ActionRefused."""
    if not actor.can(RUN):
        raise ActionRefused("Your role does not allow this.")
    Organization.objects.select_for_update().get(pk=current_tenant_id())
    if KeyRotation.objects.exclude(status=KeyRotation.Status.FINISHED).exists():
        raise ActionRefused(GOES_ON)
    if not current_keys() and not counts():
        raise ActionRefused(NOTHING)
    try:
        return _begin(level, actor)
    except SealingError as error:
        raise ActionRefused(f"The master key cannot be used: {error}") from error


def _begin(level: str, actor: Actor) -> KeyRotation:
    if level == KeyRotation.Level.DATA:
        replace_keys(actor=actor)
    total = left_of(level)
    if level == KeyRotation.Level.MASTER and not total:
        raise ActionRefused(NEWEST)
    instant, asker = now(), actor if isinstance(actor, Member) else None
    rotation = KeyRotation.objects.create(level=level, total=total, started_by=asker, started_at=instant, touched_at=instant)
    record("key_rotation.start", rotation, actor=actor, after={"level": str(level), "to do": total})
    _queue(rotation)
    return rotation


@action
def stop_rotation(rotation: KeyRotation, *, actor: Actor, note: str = "") -> None:
    """Stop after the batch in hand; every value stays readable, under the new key or the former one. Raises ActionRefused."""
    KeyRotation.STOP.apply(rotation, actor=actor, note=note)


@action
def resume_rotation(rotation: KeyRotation, *, actor: Actor) -> None:
    """Go on where it was stopped. Raises ActionRefused."""
    KeyRotation.RESUME.apply(rotation, actor=actor, touched_at=now())
    _queue(rotation)


@action
def destroy_keys(purpose: Purpose, *, actor: Actor, reason: str) -> int:
    """Destroy every key of a purpose here, for good; returns how many. Raises ActionRefused.

    What they sealed cannot be read any more, by anybody. A value that is sealed afterwards gets a new key.
    """
    if not actor.can(RUN):
        raise ActionRefused("Your role does not allow this.")
    why = stated(reason)
    Organization.objects.select_for_update().get(pk=current_tenant_id())
    if KeyRotation.objects.exclude(status=KeyRotation.Status.FINISHED).exists():
        raise ActionRefused(GOES_ON)
    if counts().get(EARLY):
        raise ActionRefused("Some values are not under data keys yet. Replace the keys first, or those would stay readable.")
    doomed = list(keys_here().filter(purpose=purpose, destroyed_at=None).select_for_update(of=("self",)).order_by("pk"))
    if not doomed:
        raise ActionRefused("There is no such key.")
    for key in doomed:
        key.wrapped, key.destroyed_at, key.retired_at = "", now(), key.retired_at or now()
        key.save(update_fields=["wrapped", "destroyed_at", "retired_at"])
        record("data_key.destroy", key, actor=actor, note=why, metadata={"purpose": str(purpose)})
    forget()
    return len(doomed)


def _queue(rotation: KeyRotation) -> None:
    from proof.keys.tasks import rotate_keys  # noqa: PLC0415 - the task stops a rotation by the actions here

    rotate_keys.delay_on_commit(str(rotation.pk))
