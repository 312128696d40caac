"""How forms look: one renderer for `{{ form }}`, and the few widgets of our own."""

import datetime as dt
from contextlib import suppress
from typing import Any, TypeVar

from django import forms
from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """FORM_RENDERER: label, help, control and error of each field, the error at the field."""

    form_template_name = "ui/form_fields.html"
    field_template_name = "ui/field.html"


class DateInput(forms.DateInput):
    """The browser's own date picker; the value is always ISO, as it requires.

    A browser shows days in the order of its own language: beside the field the day stands in words, or the order it expects.
    """

    input_type = "date"
    template_name = "ui/widgets/date.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """With the day in words."""
        context = super().get_context(name, value, attrs)
        context["widget"]["words"] = _in_words(context["widget"]["value"])
        return context


def _in_words(value: str | None) -> str:
    """Tue, 3 Mar 2026; empty for what is no day."""
    with suppress(TypeError, ValueError):
        day = dt.date.fromisoformat(value or "")
        return f"{day:%a}, {day.day} {day:%b %Y}"
    return ""


class DropInput(forms.ClearableFileInput):
    """A file input with an area to drop files on; `multiple` takes several."""

    template_name = "ui/widgets/drop.html"

    def __init__(self, attrs: dict[str, Any] | None = None, *, multiple: bool = False, hint: str = "") -> None:
        self.allow_multiple_selected = multiple
        self.hint = hint
        super().__init__({**(attrs or {}), **({"multiple": True} if multiple else {})})

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["hint"] = self.hint
        return context


class FilesField(forms.FileField):
    """Several files in one field; cleans to a list of uploaded files in the order given."""

    widget = DropInput

    def __init__(self, *, hint: str = "", **kwargs: Any) -> None:
        kwargs.setdefault("widget", DropInput(multiple=True, hint=hint))
        super().__init__(**kwargs)

    def clean(self, data: Any, initial: Any = None) -> Any:
        given = data if isinstance(data, list | tuple) else [data]
        files = [one for one in given if one] or ([None] if self.required else [])
        return [super(FilesField, self).clean(one, initial) for one in files]


class TextArea(forms.Textarea):
    """A text area of a few rows."""

    def __init__(self, *, rows: int = 3, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"rows": rows, **(attrs or {})})


F = TypeVar("F", bound=forms.Field)
ANYTHING, NOTHING = "*", "-"  # values of another field, for `needed_when`


def needed_when(field: F, by: str, *values: str, says: str, then: str = "needed") -> F:
    """A field that is needed while another one, `by`, has one of `values` (or ANYTHING, or NOTHING), and else optional.

    Beside its label stands `then` or "optional" as the other field goes, and without JavaScript the condition, `says`.
    Whether it is there is judged by the form or the action.
    """
    field.wanted = says  # type: ignore[attr-defined] # what the field's template asks for
    field.needed = {"needed-by": by, "needed-for": " ".join(values), "needed-words": then}  # type: ignore[attr-defined]
    return field


class ReasonForm(forms.Form):
    """A reason, for acts an auditor asks about."""

    reason = forms.CharField(label="Reason", widget=TextArea(rows=3), max_length=2000)
