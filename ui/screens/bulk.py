"""Actions on many rows of a list at once."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms


@dataclass(frozen=True)
class Bulk:
    """An action offered for chosen rows; the screen has a method `bulk_<name>`.

    `form` asks for what else it needs, in a popover of the selection bar.
    `explain` says there what will happen.
    """

    name: str
    label: str
    permission: str
    form: type[forms.BaseForm] | None = None
    explain: str = ""
    tone: str = ""

    def bound(self, data: Any = None) -> forms.BaseForm | None:
        """Its form, empty or filled. Not `required` in HTML: the popover may be closed."""
        if self.form is None:
            return None
        return self.form(data, prefix=self.name, use_required_attribute=False)


@dataclass(frozen=True)
class BulkResult:
    """What became of each row: primary keys done, and refused with the sentence why."""

    done: Collection[Any] = ()
    refused: Mapping[Any, str] = field(default_factory=dict)
    message: str = ""

    @property
    def summary(self) -> str:
        if self.message:
            return self.message
        refused = f", {len(self.refused):,} refused" if self.refused else ""
        return f"{len(self.done):,} done{refused}."

    def of(self, key: Any) -> str | None:
        """The sentence for a row: empty when done, None when it was not chosen."""
        if key in self.refused:
            return self.refused[key]
        return "" if key in self.done else None
