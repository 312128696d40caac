"""The form that freezes a population."""

import datetime as dt
from typing import Any

from django import forms

from evidence.populations.registry import kinds
from ui.forms import DateInput
from workflow.once import OnceForm


class FreezeForm(OnceForm):
    """Which population, and of which days."""

    kind = forms.ChoiceField(label="Population")
    period_from = forms.DateField(label="From", widget=DateInput)
    period_to = forms.DateField(label="To", widget=DateInput, help_text="Both days are included.")

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(one.key, one.label) for one in kinds()]  # type: ignore[attr-defined] # of a choice field
        for name in ("period_from", "period_to"):
            self.fields[name].widget.attrs["max"] = today.isoformat()
