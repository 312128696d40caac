"""An actor whose right to one move comes from the change rather than from a role."""

from uuid import UUID

from audit.actors import Represented


class Entitled(Represented):
    """Whoever makes one has judged the right: an approval rule names them, say."""

    __slots__ = ()

    def can(self, permission: str, about: UUID | None = None, /) -> bool:
        """What was judged before."""
        return bool(permission)
