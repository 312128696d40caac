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
    numbers = forms.CharField(
        label="Others by their number",
        required=False,
        max_length=400,
        help_text="Such as EV-2026-0007; several with commas between them.",
    )

    def __init__(self, *args: Any, items: QuerySet[Evidence] | None = None, offered: int = 0, **kwargs: Any) -> None:
        """Of `items`, which may be given, the latest `offered` are to choose from; all are found by number. None: none are."""
        super().__init__(*args, **kwargs)
        self.items = items
        if items is None:
            del self.fields["evidence"], self.fields["numbers"]
        else:
            latest = items.order_by("-collected_at").values("pk")[:offered]
            self.fields["evidence"].queryset = Evidence.objects.filter(pk__in=latest)  # type: ignore[attr-defined] # of a model field

    def needs_one(self) -> None:
        """One of the ways to give evidence is needed: none of them is called optional."""
        for name in {"uploads", "evidence", "numbers"} & self.fields.keys():
            self.fields[name].one_of = True  # type: ignore[attr-defined] # read by the template of a field

    def clean_numbers(self) -> list[Evidence]:
        """The items of these numbers."""
        numbers = list(dict.fromkeys(self.cleaned_data["numbers"].upper().replace(",", " ").split()))
        if not numbers or self.items is None:
            return []
        found = {one.reference: one for one in self.items.filter(reference__in=numbers)}
        if missing := [number for number in numbers if number not in found]:
            raise forms.ValidationError(f"Among what may be added there is no {' and no '.join(missing)}.")
        return list(found.values())

    def facts(self) -> dict[str, Any]:
        """What the actions take."""
        given = {name: value for name, value in self.cleaned_data.items() if name != "numbers"}
        chosen = [*given.get("evidence", ()), *self.cleaned_data.get("numbers", ())]
        return {**given, "evidence": list({one.pk: one for one in chosen}.values())}


class PerformForm(EvidenceForm):
    """When it was done, what was done, and what shows it."""

    performed_on = forms.DateField(label="Performed on", widget=DateInput, help_text=OF_THE_DAY)
    statement = forms.CharField(
        label="What was done", required=False, widget=TextArea(rows=3), max_length=4000, help_text="In a sentence or two."
    )
    field_order = ("performed_on", "uploads", "title", "evidence", "numbers", "statement")

    def __init__(self, *args: Any, first: dt.date, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # One of the two is needed, unless evidence is linked already; the action says so where neither was given.
        self.needs_one()
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
