"""Forms of the end of a review."""

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms

from accounts.factors import FactorFormMixin
from reviews.models import Item
from reviews.signoff.actions import undecided_words
from ui.forms import TextArea

PREFIX = "item_"


class SignOffForm(FactorFormMixin):
    """Sign-off of the decisions that were shown, with a code; undecided items each with a reason, or one reason for all."""

    shown = forms.CharField(widget=forms.HiddenInput, required=False)
    note = forms.CharField(
        label="Note",
        required=False,
        max_length=2000,
        widget=TextArea(rows=2),
        help_text="Stands in the report beside your name.",
    )

    def __init__(self, *args: Any, undecided: Sequence[Item], total: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not undecided:
            return
        names = {f"{PREFIX}{item.pk}": f"{item.subject_name}: {item.entitlement} ({item.system.name})" for item in undecided}
        each_has_its_own = len(undecided) == total and all(self.data.get(name, "").strip() for name in names)
        self.fields["reason_for_rest"] = forms.CharField(
            label="Why they stay undecided",
            required=not each_has_its_own,
            max_length=2000,
            widget=TextArea(rows=2),
            help_text="Stands for every undecided item that has no reason of its own. They are recorded as not decided.",
            error_messages={"required": undecided_words(total)},
        )
        for name, label in names.items():
            self.fields[name] = forms.CharField(label=label, required=False, max_length=2000)

    def own_fields(self) -> list[forms.BoundField]:
        """The fields for a single item's own reason."""
        return [self[name] for name in self.fields if name.startswith(PREFIX)]

    def own_errors(self) -> bool:
        """Whether one of them has an error, so that it must be seen."""
        return any(name.startswith(PREFIX) for name in self.errors)

    def reasons(self) -> dict[uuid.UUID, str]:
        """What was said about single items."""
        given = self.cleaned_data.items()
        return {uuid.UUID(name.removeprefix(PREFIX)): text for name, text in given if name.startswith(PREFIX) and text.strip()}


class CloseForm(forms.Form):
    """A word at the close."""

    note = forms.CharField(label="Note", required=False, max_length=2000, widget=TextArea(rows=2))
