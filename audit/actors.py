"""Who acts: a member of the organization, or the product itself."""

import uuid
from collections.abc import Iterable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Protocol

PRODUCT = "Plumbline"


class Actor(Protocol):
    """What the trail and the transitions need of whoever acts."""

    @property
    def id(self) -> uuid.UUID | None: ...
    @property
    def name(self) -> str: ...
    @property
    def email(self) -> str: ...
    @property
    def role_names(self) -> Iterable[str]: ...
    def can(self, permission: str, about: uuid.UUID | None = None, /) -> bool: ...


@dataclass(frozen=True, slots=True)
class System:
    """The product acting by itself; `part` says in plain words which of its parts."""

    part: str
    id: uuid.UUID | None = None
    email: str = ""
    role_names: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Such as "Plumbline (schedule)"."""
        return f"{PRODUCT} ({self.part})"

    def can(self, permission: str, about: uuid.UUID | None = None, /) -> bool:
        """The product may do what its own code asks of it."""
        return bool(permission)


@dataclass(frozen=True, slots=True)
class Represented:
    """Stands in the trail as another actor does. Whoever derives from it says which right comes from elsewhere than a role."""

    actor: Actor

    @property
    def id(self) -> uuid.UUID | None:
        """The actor's."""
        return self.actor.id

    @property
    def name(self) -> str:
        """The actor's."""
        return self.actor.name

    @property
    def email(self) -> str:
        """The actor's."""
        return self.actor.email

    @property
    def role_names(self) -> Iterable[str]:
        """The actor's."""
        return self.actor.role_names

    def can(self, permission: str, about: uuid.UUID | None = None, /) -> bool:
        """What the actor may do."""
        return self.actor.can(permission, about)


WORKER = System("background work")
SCHEDULE = System("schedule")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a request came from."""

    ip: str = ""
    user_agent: str = ""
    token: str = ""  # how the token of the API begins that was shown


_NOWHERE = Origin()
_origin: ContextVar[Origin] = ContextVar("audit_origin", default=_NOWHERE)


def current_origin() -> Origin:
    """The origin of the request in hand; empty outside of one."""
    return _origin.get()


def set_origin(origin: Origin) -> None:
    """Note where the request in hand came from."""
    _origin.set(origin)
