"""The active organization: one context manager opens the transaction and tells PostgreSQL who is asking."""

import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.db import connection, transaction
from django.urls import get_script_prefix, get_urlconf, set_script_prefix, set_urlconf
from django.utils import timezone

ORGANIZATION_URLCONF = "grc.urls_organization"
_SET = "SELECT set_config('app.tenant_id', %s, true), now()"


class NoTenant(RuntimeError):
    """Tenant data was touched while no organization was active."""


class HasSlug(Protocol):
    """What the scope needs of an organization."""

    id: uuid.UUID
    slug: str
    zone: str


@dataclass(slots=True)
class Scope:
    """One entered organization; `events` counts what was recorded in it, `kept` is what holds for as long as it lasts."""

    tenant_id: uuid.UUID
    began: dt.datetime
    organization: HasSlug  # as it was when the scope was entered
    events: int = 0
    depth: int = 0  # of actions within actions
    kept: dict[Any, Any] = field(default_factory=dict)
    afterwards: list[Callable[[], None]] = field(default_factory=list)


_scope: ContextVar[Scope | None] = ContextVar("tenant_scope", default=None)
_EARLIEST = dt.datetime.min.replace(tzinfo=dt.UTC)
_last_instant: ContextVar[dt.datetime] = ContextVar("tenant_last_instant", default=_EARLIEST)


def current_scope() -> Scope:
    """The scope of the active organization; raises NoTenant outside of one."""
    scope = _scope.get()
    if scope is None:
        raise NoTenant("No organization is active: enter tenant(...) first.")
    return scope


def current_tenant_id() -> uuid.UUID:
    """The id of the active organization; raises NoTenant outside of one."""
    return current_scope().tenant_id


def active_tenant_id() -> uuid.UUID | None:
    """The id of the active organization, or None outside of one."""
    scope = _scope.get()
    return scope.tenant_id if scope else None


def after_scope(function: Callable[[], None]) -> None:
    """Call `function` when the outermost scope was left, whatever became of its transaction; raises NoTenant outside of one."""
    current_scope().afterwards.append(function)


def event_instant() -> dt.datetime:
    """The database's time of this transaction, made strictly increasing by microseconds within a process."""
    instant = max(current_scope().began, _last_instant.get() + dt.timedelta(microseconds=1))
    _last_instant.set(instant)
    return instant


@contextmanager
def tenant(organization: HasSlug, *, frozen: bool = False, whole: str = "") -> Iterator[Scope]:
    """Act within one organization: a transaction (a savepoint when nested) with row-level security set to it.

    The setting is local to the transaction, so a pooled connection can never carry it to its next user. URLs reversed
    inside belong to the organization, and instants are shown in its zone. `frozen`: whatever is read is of one moment, unless
    it is nested; `whole` names a table of which no part is taken away from before that moment until the end.
    """
    scope = Scope(organization.id, _EARLIEST, organization)
    try:
        with _entered(organization, scope, frozen=frozen, whole=whole):
            yield scope
    finally:
        _look_back(scope)


@contextmanager
def _entered(organization: HasSlug, scope: Scope, *, frozen: bool, whole: str) -> Iterator[None]:
    prefix, urlconf, outer = get_script_prefix(), get_urlconf(), _scope.get()
    frozen = frozen and not connection.in_atomic_block
    with transaction.atomic(), timezone.override(organization.zone):
        if frozen:
            _freeze(whole)
        scope.began = _enter(organization.id)
        token = _scope.set(scope)
        set_script_prefix(f"/o/{organization.slug}/")
        set_urlconf(ORGANIZATION_URLCONF)
        try:
            yield
            _leave(outer)
        finally:
            _scope.reset(token)
            set_script_prefix(prefix)
            set_urlconf(urlconf)


def _look_back(scope: Scope) -> None:
    """Do what waits for the end of the scope, or hand it to the one around it."""
    outer = _scope.get()
    if outer is not None:
        outer.afterwards.extend(scope.afterwards)
        return
    for function in scope.afterwards:
        function()


def now() -> dt.datetime:
    """The present instant in UTC, as Python's clock has it."""
    return dt.datetime.now(dt.UTC)


def _freeze(whole: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        if whole:  # PostgreSQL keeps rows as of the moment, and not the partitions that they are in
            cursor.execute(f"LOCK TABLE {connection.ops.quote_name(whole)} IN ACCESS SHARE MODE")


def _enter(tenant_id: uuid.UUID) -> dt.datetime:
    with connection.cursor() as cursor:
        cursor.execute(_SET, [str(tenant_id)])
        began: dt.datetime = cursor.fetchone()[1]
    return began


def settle_constraints() -> None:
    """Run the deferred checks now, while the organization is still set, and defer again."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _leave(outer: Scope | None) -> None:
    """Give the setting back inside a longer transaction; a commit or a rollback ends it by itself."""
    if connection.needs_rollback or not connection.savepoint_ids:
        return
    settle_constraints()
    with connection.cursor() as cursor:
        cursor.execute(_SET, [str(outer.tenant_id) if outer else ""])
