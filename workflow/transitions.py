"""`Transition`: the only way in which a state changes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from accounts.roles import words_for
from audit.actors import Actor
from audit.record import record
from tenancy.models import TenantModel
from ui.refusals import ActionRefused
from workflow.changes import shown

M = TypeVar("M", bound=TenantModel)  # with a field `status` that has choices


@dataclass(frozen=True, slots=True)
class Transition:
    """A move of `status` from one of `sources` to `target`, by whoever holds `permission`.

    `label` completes the sentence "... cannot be <label> now".
    """

    verb: str
    sources: frozenset[str] | set[str]
    target: str
    permission: str
    label: str = "changed"

    def apply(
        self,
        subject: M,
        *,
        actor: Actor,
        note: str = "",
        metadata: Mapping[str, Any] | None = None,
        **changes: Any,
    ) -> M:
        """Authorise, lock the row, check its state, save `changes` with it and record; updates `subject` in place.

        Raises ActionRefused when the actor may not, or when somebody was faster.
        """
        self.authorise(actor, subject)
        locked = type(subject)._base_manager.select_for_update(of=("self",)).get(pk=subject.pk)
        self.check(locked)
        fields = {"status": self.target, **changes}
        before = {name: shown(getattr(locked, name)) for name in fields}
        for name, value in fields.items():
            setattr(locked, name, value)
            setattr(subject, name, value)
        locked.save(update_fields=list(fields))
        after = {name: shown(getattr(locked, name)) for name in fields}
        record(self.verb, locked, actor=actor, before=before, after=after, note=note, metadata=metadata)
        return subject

    def check(self, subject: TenantModel) -> None:
        """Raise ActionRefused unless the record's state allows the move."""
        if _status(subject) not in self.sources:
            raise ActionRefused(f"{subject} is {_words(subject)}: it cannot be {self.label} now.")

    def allows(self, subject: M, actor: Actor) -> bool:
        """Whether the move would be accepted now, for showing its button."""
        return _status(subject) in self.sources and actor.can(self.permission, subject.care_key)

    def authorise(self, actor: Actor, subject: TenantModel | None = None) -> None:
        """Raise ActionRefused unless the actor holds the permission, or has this record in their care."""
        if not actor.can(self.permission, subject.care_key if subject else None):
            raise ActionRefused(f"Your role does not allow this. It is for: {words_for(self.permission)}.")


def _status(subject: TenantModel) -> str:
    return str(subject.status)  # type: ignore[attr-defined] # every model with transitions has one


def _words(subject: TenantModel) -> str:
    words: str = subject.get_status_display()  # type: ignore[attr-defined] # made by Django from the choices
    return words.lower()
