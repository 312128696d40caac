"""What can be handed over: each area names its kind of record."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from accounts.models import Member
from audit.actors import Actor
from tenancy.models import TenantModel
from workflow.models import Delegation


@dataclass(frozen=True, slots=True)
class Kind:
    """Records of one kind: who may hand one over, and what goes with it as far as they hold it themselves.

    Deciding, approving and signing are in no kind's `grants`: they stay with those who may not be the author.
    """

    key: str
    name: str
    model: type[TenantModel]
    grants: tuple[str, ...]
    manage: str  # whoever holds it looks after all of the kind
    owns: Callable[[Actor, Any], bool] = lambda _actor, _record: False
    is_over: Callable[[Any], bool] = lambda _record: False

    def may_give(self, actor: Actor, record: Any) -> bool:
        """Whether somebody may hand this one over: its owner, or who looks after all. A guardian does not pass it on."""
        return actor.can(self.manage) or self.owns(actor, record)

    def given_by(self, actor: Actor) -> list[str]:
        """What goes with it from this person: nobody gives what they do not hold."""
        return [name for name in self.grants if actor.can(name)]


_kinds: dict[str, Kind] = {}


def register_kind(kind: Kind) -> None:
    """Let records of this kind be handed over; call it from AppConfig.ready()."""
    _kinds[kind.key] = kind


def kind_of(key: str) -> Kind:
    """The kind of this name."""
    return _kinds[key]


def kind_names() -> list[tuple[str, str]]:
    """All kinds, as choices."""
    return [(one.key, one.name) for one in _kinds.values()]


def care_of(record: TenantModel) -> Delegation | None:
    """In whose care a record is today."""
    found = Delegation.objects.filter(subject_id=record.pk, status=Delegation.Status.GIVEN)
    one = found.select_related("guardian__user", "guardian__organization", "given_by__user").first()
    return one if one is not None and in_force(one) else None


def in_force(delegation: Delegation) -> bool:
    """Whether the guardian may act by it now."""
    guardian: Member = delegation.guardian
    is_today = guardian.organization.today() <= delegation.until
    return delegation.status == Delegation.Status.GIVEN and is_today and guardian.is_active
