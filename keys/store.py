"""Data keys as sealing needs them: made when first needed, unwrapped in this process only, never in a shared cache.

Which key seals is asked once in each transaction, and held against being replaced until that ends: when a new key is there,
nothing is sealed with the one before it any more. Opened keys are kept for a minute, then it is asked whether they still stand.
"""

import secrets
import threading
import time
import uuid
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.db import connection

from audit.actors import Actor, System
from audit.record import record
from keys.errors import KeyDestroyed, SealingError
from keys.master import KEY_BYTES, Place, current_master, master_called
from keys.models import DataKey, InstallationKey, Purpose
from tenancy.models import Organization
from tenancy.scope import active_tenant_id, current_scope, tenant

NIL_TENANT = uuid.UUID(int=0)
ITSELF = System("keys")
MOST, FRESH = 256, 60.0  # keys; seconds
_CURRENT = "SELECT id, master, wrapped, made_at = now() FROM {} WHERE {} purpose = %s AND retired_at IS NULL FOR KEY SHARE"
_STANDING = (
    "SELECT id, master, wrapped FROM keys_datakey WHERE tenant_id = %s AND purpose = %s AND destroyed_at IS NULL "
    "ORDER BY retired_at DESC NULLS FIRST"
)
_NAMED = "SELECT purpose, master, wrapped, destroyed_at IS NOT NULL FROM {} WHERE {} id = %s"


@dataclass(frozen=True, slots=True)
class OpenKey:
    """A data key that can be used."""

    id: uuid.UUID
    cipher: AESGCM
    index: bytes  # the key of blind indexes, derived from it


@dataclass(slots=True)
class _Kept:
    cipher: AESGCM
    index: bytes
    wrapped: str
    checked: float


_opened: OrderedDict[tuple[uuid.UUID, uuid.UUID], _Kept] = OrderedDict()
_lock = threading.Lock()


def sealing_key(tenant_id: uuid.UUID, purpose: Purpose) -> OpenKey:
    """The key with which new values are sealed; made if there is none yet. Raises SealingError."""
    _must_be_inside(tenant_id)
    kept = current_scope().kept if active_tenant_id() else {}
    found: OpenKey | None = kept.get((tenant_id, purpose))
    if found is None:
        found, is_new = _current(tenant_id, purpose)
        if not is_new:  # what this transaction made may yet be rolled back, with a part of it
            kept[tenant_id, purpose] = found
    return found


def opening_key(tenant_id: uuid.UUID, key_id: uuid.UUID) -> AESGCM:
    """A key by its id. Raises SealingError; KeyDestroyed when it was destroyed.

    Outside of any organization its own is entered for the look, as at a sign-in by a provider; within another it is refused.
    """
    if active_tenant_id() is None and tenant_id != NIL_TENANT:
        if (owner := Organization.objects.filter(pk=tenant_id).first()) is None:
            raise SealingError("The value belongs to an organization that is not there.")
        with tenant(owner):
            return opening_key(tenant_id, key_id)
    _must_be_inside(tenant_id)
    with _lock:
        kept = _opened.get((tenant_id, key_id))
        if kept is not None and time.monotonic() - kept.checked < FRESH:
            _opened.move_to_end((tenant_id, key_id))
            return kept.cipher
    row = _row(_NAMED, tenant_id, key_id)
    if row is None:
        raise SealingError("The data key of this value is not there.")
    purpose, master, wrapped, destroyed = row
    if destroyed:
        forget()
        raise KeyDestroyed
    if kept is not None and kept.wrapped == wrapped:
        kept.checked = time.monotonic()
        return kept.cipher
    return _open(tenant_id, key_id, purpose, master, wrapped).cipher


def index_keys(tenant_id: uuid.UUID, purpose: Purpose) -> list[bytes]:
    """The keys of blind indexes, that in use first. One whose master key is gone is left out: nothing under it opens either."""
    _must_be_inside(tenant_id)
    kept, place = current_scope().kept, ("index", tenant_id, purpose)
    found: list[bytes] = kept.get(place) or list(_index_keys(tenant_id, purpose))
    kept[place] = found
    return found


def _index_keys(tenant_id: uuid.UUID, purpose: Purpose) -> Iterator[bytes]:
    with connection.cursor() as cursor:
        cursor.execute(_STANDING, [tenant_id, purpose])
        rows = cursor.fetchall()
    for key_id, master, wrapped in rows:
        with suppress(SealingError):
            yield _kept(tenant_id, key_id, purpose, master, wrapped).index


def new_key(tenant_id: uuid.UUID, purpose: Purpose, *, actor: Actor) -> DataKey | InstallationKey:
    """A new key, wrapped by the current master key, saved and recorded; the one before it is retired. Raises SealingError."""
    made = _wrapped_anew(tenant_id, purpose)
    made.save(force_insert=True)
    _record(made, actor)
    for place in ((tenant_id, purpose), ("index", tenant_id, purpose)):
        current_scope().kept.pop(place, None)
    return made


def unwrapped(key: DataKey | InstallationKey) -> bytes:
    """The key itself, to be wrapped anew. Raises SealingError."""
    return master_called(key.master).unwrap(key.wrapped, place_of(key))


def place_of(key: DataKey | InstallationKey) -> Place:
    """What its wrapping is bound to."""
    return Place(key.pk, key.tenant_id or NIL_TENANT if isinstance(key, DataKey) else NIL_TENANT, str(key.purpose))


def forget() -> None:
    """Let go of every key that this process has opened."""
    if active_tenant_id() is not None:
        current_scope().kept.clear()
    with _lock:
        _opened.clear()


def _must_be_inside(tenant_id: uuid.UUID) -> None:
    if tenant_id not in {NIL_TENANT, active_tenant_id()}:
        raise SealingError("The value belongs to an organization that is not active.")


def _current(tenant_id: uuid.UUID, purpose: Purpose) -> tuple[OpenKey, bool]:
    """The key, and whether this transaction made it."""
    row = _row(_CURRENT, tenant_id, purpose) or _made(tenant_id, purpose)
    key_id, master, wrapped, is_new = row
    kept = _kept(tenant_id, key_id, purpose, master, wrapped)
    return OpenKey(key_id, kept.cipher, kept.index), is_new


def _kept(tenant_id: uuid.UUID, key_id: uuid.UUID, purpose: str, master: str, wrapped: str) -> _Kept:
    """A key as this process has it open. Raises SealingError."""
    kept = _opened.get((tenant_id, key_id))
    return kept if kept is not None and kept.wrapped == wrapped else _open(tenant_id, key_id, purpose, master, wrapped)


def _made(tenant_id: uuid.UUID, purpose: Purpose) -> tuple[Any, ...]:
    """Make the keys of all purposes that are missing, in one order: of two that come at once, one waits for the other."""
    for one in Purpose:
        key = _wrapped_anew(tenant_id, one)
        table: Any = type(key).objects
        table.bulk_create([key], ignore_conflicts=True)
        if table.filter(pk=key.pk).exists():
            _record(key, ITSELF)
    row = _row(_CURRENT, tenant_id, purpose)
    if row is None:
        raise SealingError("The data key is being replaced. Try again.")
    return row


def _wrapped_anew(tenant_id: uuid.UUID, purpose: Purpose) -> DataKey | InstallationKey:
    key = InstallationKey(purpose=purpose) if tenant_id == NIL_TENANT else DataKey(tenant_id=tenant_id, purpose=purpose)
    master = current_master()
    key.master, key.wrapped = master.name, master.wrap(secrets.token_bytes(KEY_BYTES), place_of(key))
    return key


def _record(key: DataKey | InstallationKey, actor: Actor) -> None:
    """In the organization's trail; of one that belongs to none, in that at hand or the installation's."""
    told = {"purpose": str(key.purpose), "master key": key.master}
    if active_tenant_id() is not None:
        record("data_key.make", key, actor=actor, after=told)
        return
    with tenant(Organization.installation()):
        record("data_key.make", key, actor=actor, after=told)


def _row(statement: str, tenant_id: uuid.UUID, what: uuid.UUID | str) -> tuple[Any, ...] | None:
    """The organization is named although the wall stands there: its index begins with it."""
    is_global = tenant_id == NIL_TENANT
    table, wall = ("keys_installationkey", "") if is_global else ("keys_datakey", "tenant_id = %s AND")
    with connection.cursor() as cursor:
        cursor.execute(statement.format(table, wall), [what] if is_global else [tenant_id, what])
        row: tuple[Any, ...] | None = cursor.fetchone()
    return row


def _open(tenant_id: uuid.UUID, key_id: uuid.UUID, purpose: str, master: str, wrapped: str) -> _Kept:
    secret = master_called(master).unwrap(wrapped, Place(key_id, tenant_id, purpose))
    kept = _Kept(AESGCM(secret), _index_key(secret), wrapped, time.monotonic())
    with _lock:
        _opened[tenant_id, key_id] = kept
        while len(_opened) > MOST:
            _opened.popitem(last=False)
    return kept


def _index_key(secret: bytes) -> bytes:
    """A key of its own for blind indexes (RFC 5869): from what it makes nobody comes to the key that seals."""
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=b"plumbline blind index").derive(secret)
