"""A form that was made before somebody else's edit does not overwrite it."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from changes.drafting.content import changed_of, label_of, present, whole
from changes.models import Change
from ui.refusals import ActionRefused


@dataclass(frozen=True, slots=True)
class Difference:
    """A field as it is now, and as the form in hand has it."""

    field: str
    label: str
    now: Any
    given: Any


class Stale(ActionRefused):
    """Somebody has edited the change since; `differences` are between what is there and what was given."""

    def __init__(self, differences: list[Difference]) -> None:
        """The sentence, with the differences to show."""
        super().__init__("Somebody has edited this change since this page was made. Nothing of yours was saved yet.")
        self.differences = differences


def refuse_stale(change: Change, edited_at: dt.datetime | None, fields: dict[str, Any]) -> None:
    """Raise Stale when the change was edited after `edited_at` and differs from `fields`."""
    if edited_at is None or change.edited_at == edited_at:
        return
    if differences := differences_to(change, fields):
        raise Stale(differences)


def differences_to(change: Change, fields: dict[str, Any]) -> list[Difference]:
    """Where a change is not as `fields` say."""
    return [
        Difference(name, label_of(name), whole(name, present(change, name)), whole(name, value))
        for name, value in changed_of(change, fields).items()
    ]
