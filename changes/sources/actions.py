"""Sources of changes: made, changed, given a secret, retired."""

import datetime as dt
import re
from collections.abc import Collection
from typing import Any

from accounts.sealing import SealingError
from audit.actions import action
from audit.actors import Actor
from audit.record import record
from changes.models import ChangeSource, SourceSystem
from changes.sources.secrets import as_former, new_secret, sealed
from inventory.models import System
from tenancy.scope import now
from ui.refusals import ActionRefused
from workflow.changes import change, shown
from workflow.uniqueness import refusing_taken

RUN = "changes.write"
PATTERN = re.compile(r"[\w.-]+(?:/[\w.-]+){0,18}/(?:[\w.-]+|\*)", re.ASCII)
LEAST = 16  # characters of a secret that somebody brings
_FIELDS = ("name", "provider", "repositories", "branches", "environments", "directory", "signed_only")


@action
def create_source(*, actor: Actor, systems: Collection[System] = (), **fields: Any) -> ChangeSource:
    """Add a source. Without a secret it hears nothing: lists can be imported into it all the same. Raises ActionRefused."""
    _authorise(actor)
    _judge(fields)
    source = ChangeSource(made_by_id=actor.id, made_at=now(), **fields)
    with refusing_taken(ChangeSource):
        source.save(force_insert=True)
    _put_systems(source, systems)
    after = {name: shown(getattr(source, name)) for name in _FIELDS} | {"systems": sorted(one.name for one in systems)}
    record("change_source.create", source, actor=actor, after=after)
    return source


@action
def edit_source(source: ChangeSource, *, actor: Actor, systems: Collection[System] | None = None, **fields: Any) -> ChangeSource:
    """Change what belongs to it; the changes it has made stay as they are. Raises ActionRefused."""
    _authorise(actor)
    _judge(fields)
    if fields.get("provider", source.provider) != source.provider:
        raise ActionRefused("Whose source it is stays: make another one.", field="provider")
    differs = any(getattr(source, name) != value for name, value in fields.items())
    with refusing_taken(ChangeSource):
        change(source, "change_source.edit", actor=actor, fields=fields)
    before = sorted(row.system.name for row in source.systems.select_related("system"))
    after = before if systems is None else sorted(one.name for one in systems)
    if systems is not None and after != before:
        _put_systems(source, systems)
        record("change_source.edit", source, actor=actor, before={"systems": before}, after={"systems": after})
    elif not differs:
        raise ActionRefused("Nothing was changed.")
    return source.refreshed()


@action
def set_secret(source: ChangeSource, *, actor: Actor, text: str = "", overlap: dt.timedelta = dt.timedelta()) -> str:
    """Give it a new secret and return it: it is shown once. The one before works on for `overlap`. Raises ActionRefused."""
    _authorise(actor)
    locked = ChangeSource.objects.select_for_update(of=("self",)).get(pk=source.pk)
    if locked.status != ChangeSource.Status.ACTIVE:
        raise ActionRefused("It is retired: put it back into use first.")
    if text and len(text) < LEAST:
        raise ActionRefused(f"A secret has at least {LEAST} characters.", field="text")
    secret = text or new_secret()
    locked.former_secret = _kept_on(locked) if overlap else ""
    locked.former_until = now() + overlap if overlap and locked.secret else None
    locked.secret, locked.secret_at = sealed(secret, locked), now()
    locked.save(update_fields=["secret", "secret_at", "former_secret", "former_until"])
    told = {"brought": bool(text), "the one before works until": shown(locked.former_until)}
    record("change_source.set_secret", locked, actor=actor, after=told)
    return secret


def _kept_on(source: ChangeSource) -> str:
    try:
        return as_former(source)
    except SealingError as error:
        sentence = "The present secret cannot be read, so it cannot work on: let the new one replace it at once."
        raise ActionRefused(sentence, field="overlap") from error


@action
def retire(source: ChangeSource, *, actor: Actor, reason: str) -> None:
    """Listen to it no more. What it has told stays."""
    ChangeSource.RETIRE.apply(source, actor=actor, note=reason, former_secret="", former_until=None)


@action
def restore(source: ChangeSource, *, actor: Actor) -> None:
    """Listen to it again, by the secret it had."""
    ChangeSource.RESTORE.apply(source, actor=actor)


def _judge(fields: dict[str, Any]) -> None:
    """Raise ActionRefused for patterns that cover what nobody named."""
    patterns = fields.get("repositories")
    if patterns is not None and not patterns:
        raise ActionRefused("Name at least one repository.", field="repositories")
    for pattern in patterns or []:
        if len(pattern) > 200 or not PATTERN.fullmatch(pattern):
            sentence = f"{pattern[:60]} is no repository: write larkfield/billing, or larkfield/* for all of them."
            raise ActionRefused(sentence, field="repositories")


def _put_systems(source: ChangeSource, systems: Collection[System]) -> None:
    SourceSystem.objects.filter(source=source).exclude(system__in=systems).delete()
    there = set(SourceSystem.objects.filter(source=source).values_list("system", flat=True))
    SourceSystem.objects.bulk_create(SourceSystem(source=source, system=one) for one in systems if one.pk not in there)


def _authorise(actor: Actor) -> None:
    if not actor.can(RUN):
        raise ActionRefused("Your role does not allow this.")
