"""Forms about one occurrence."""

import datetime as dt
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from controls.occurrences.calendar import spelled
from controls.occurrences.counting import WORD_DAYS
from evidence.models import Evidence
from ui.forms import DateInput, FilesField, TextArea
from workflow.once import OnceForm

OF_THE_DAY = (
    f"A day more than {WORD_DAYS} business days back counts as late, unless evidence shows it that was collected then, or whose "
    "period was collected by a program or validated by somebody else."
)


class ItemsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg] # generic for the type checker only
    """Items of evidence by number, title and day."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, item: Any) -> str:
        """What tells two of one title apart."""
        return f"{item.reference} {item.title}, collected {spelled(timezone.localtime(item.collected_at).date())}"


class EvidenceForm(OnceForm):
    """Files, and items that are here already."""

    uploads = FilesField(label="Evidence", required=False, hint="One file or several")
    title = forms.CharField(
        max_length=180,
        required=False,
        help_text="What the files show. Left empty, they are named after the control and the time.",
    )
    evidence = ItemsField(label="Evidence that is here already", queryset=Evidence.objects.none(), required=False)

    def __init__(self, *args: Any, items: QuerySet[Evidence] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if items is None:
            del self.fields["evidence"]
        else:
            self.fields["evidence"].queryset = items  # type: ignore[attr-defined] # of a model field

    def facts(self) -> dict[str, Any]:
        """What the actions take."""
        return {"evidence": [], **self.cleaned_data}


class PerformForm(EvidenceForm):
    """When it was done, what was done, and what shows it."""

    performed_on = forms.DateField(label="Performed on", widget=DateInput, help_text=OF_THE_DAY)
    statement = forms.CharField(
        label="What was done", required=False, widget=TextArea(rows=3), max_length=4000, help_text="In a sentence or two."
    )
    field_order = ("performed_on", "uploads", "title", "evidence", "statement")

    def __init__(self, *args: Any, first: dt.date, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # One of the two is needed, unless evidence is linked already; the action says so where neither was given.
        for name in {"uploads", "evidence"} & self.fields.keys():
            self.fields[name].one_of = True  # type: ignore[attr-defined] # read by the template of a field
        self.fields["performed_on"].widget.attrs |= {"min": first.isoformat(), "max": today.isoformat()}
        self.initial.setdefault("performed_on", today)


class StatementForm(OnceForm):
    """The owner's statement that nothing occurred."""

    statement = forms.CharField(
        label="Statement",
        widget=TextArea(rows=3),
        max_length=4000,
        help_text="Such as “No critical incidents from 1 July to 30 September 2026.” It is kept with your name and the date.",
    )


class ChangeForm(OnceForm):
    """A change of what a continuous control rests on."""

    on = forms.DateField(label="Changed on", widget=DateInput)
    note = forms.CharField(label="What was changed", widget=TextArea(rows=3), max_length=4000)
