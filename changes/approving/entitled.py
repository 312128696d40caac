"""An actor whose right to one move comes from the change rather than from a role."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from audit.actors import Actor


@dataclass(frozen=True, slots=True)
class Entitled:
    """Stands in the trail as the actor does. Whoever makes one has judged the right: an approval rule names them, say."""

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

    def can(self, permission: str, /) -> bool:
        """What was judged before."""
        return bool(permission)
