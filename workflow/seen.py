"""Forms that know what their page showed, so that nobody overwrites unseen what somebody else has changed since."""

import hashlib
from typing import Any

from django import forms

STALE = "This was changed since you opened the page. Open it again to see how it stands now; nothing was saved."


class SeenForm(forms.Form):
    """A form about a record as it stood: sent after somebody else has changed what it shows, it is refused.

    Without the mark, as from a script, it is taken as it is; a program shows the record's ETag instead.
    """

    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def get_initial_for_field(self, field: forms.Field, field_name: str) -> Any:
        """The mark is what all other fields show."""
        return self._shown() if field_name == "seen" else super().get_initial_for_field(field, field_name)

    def clean(self) -> dict[str, Any]:
        """Refuse a page that is not of today's state. Takes the mark out."""
        given = super().clean() or self.cleaned_data
        if (seen := given.pop("seen", "")) and seen != self._shown():
            self.add_error(None, STALE)
        return given

    def _shown(self) -> str:
        """SHA-256 of what the visible fields begin with."""
        fields = [(name, field) for name, field in self.fields.items() if not field.widget.is_hidden]
        shown = [(name, _plain(self.get_initial_for_field(field, name))) for name, field in fields]
        return hashlib.sha256(repr(shown).encode()).hexdigest()


def _plain(value: Any) -> Any:
    """Rows by their keys, several in one order, nothing as an empty text."""
    if hasattr(value, "__iter__") and not isinstance(value, str):
        return sorted(map(_plain, value))
    return "" if value is None else str(getattr(value, "pk", value))
