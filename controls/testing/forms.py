"""The form of a test."""

import datetime as dt
from typing import Any

from django import forms
from django.db.models import QuerySet

from controls.models import ControlTest
from controls.testing.actions import Findings
from evidence.models import Evidence, Population, Sample
from ui.forms import DateInput, FilesField, TextArea, needed_when
from workflow.once import OnceForm

OFFERED = 50  # populations, and samples of each


class TestForm(OnceForm):
    """What was tested, how, and what was found."""

    tested_on = forms.DateField(label="Tested on", widget=DateInput)
    procedure = forms.CharField(
        label="Procedure", max_length=8000, widget=TextArea(rows=4), help_text="So that somebody else could do it again."
    )
    tested = forms.ChoiceField(
        label="Population and sample",
        required=False,
        help_text="Frozen populations and the samples drawn from them, latest first.",
    )
    population_note = forms.CharField(
        label="Population and sample in words",
        required=False,
        max_length=4000,
        widget=TextArea(rows=2),
        help_text="Where no frozen population fits, such as “the settings of all 4 production databases”.",
    )
    items_tested = forms.IntegerField(label="Items tested", required=False, min_value=0, max_value=1_000_000)
    exceptions_found = forms.IntegerField(label="Exceptions found", required=False, min_value=0, max_value=1_000_000)
    result = forms.ChoiceField(label="Result", choices=ControlTest.Result.choices, widget=forms.RadioSelect)
    notes = needed_when(
        forms.CharField(
            label="What was found",
            required=False,
            max_length=8000,
            widget=TextArea(rows=4),
            help_text="Needed unless it passed: an auditor reads it.",
        ),
        "result",
        *(one.value for one in ControlTest.Result if one != ControlTest.Result.PASS),
        says="needed unless it passed",
    )
    evidence = forms.ModelMultipleChoiceField(
        label="Evidence it rests on", queryset=Evidence.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    uploads = FilesField(label="Working papers", required=False, hint="One file or several; they are kept as evidence")
    next_due_on = forms.DateField(
        label="Next test due",
        required=False,
        widget=DateInput,
        help_text="Left empty: a year after a pass, 90 days after anything else.",
    )
    fieldsets = (
        ("How", ("tested_on", "procedure", "tested", "population_note")),
        ("What was found", ("items_tested", "exceptions_found", "result", "notes")),
        ("What it rests on", ("evidence", "uploads")),
        ("Next", ("next_due_on",)),
    )

    def __init__(self, *args: Any, today: dt.date, procedure: str, items: QuerySet[Evidence], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["tested_on"].widget.attrs["max"] = today.isoformat()
        self.initial.setdefault("tested_on", today)
        self.initial.setdefault("procedure", procedure)
        self.fields["evidence"].queryset = items  # type: ignore[attr-defined] # of a model field
        self.populations = {str(one.pk): one for one in latest_populations()}
        self.samples = {str(one.pk): one for one in samples_of(self.populations.values())}
        self.fields["tested"].choices = self._choices()  # type: ignore[attr-defined] # of a choice field

    def _choices(self) -> list[tuple[str, Any]]:
        """A group for each population: all of it, or one of its samples."""
        groups: dict[str, list[tuple[str, str]]] = {
            key: [(key, f"All {one.row_count:,} rows of {one.reference}")] for key, one in self.populations.items()
        }
        for key, sample in self.samples.items():
            words = f"Sample {sample.number} of {sample.population.reference} {sample.population.title} ({sample.size:,} rows)"
            groups[str(sample.population_id)].append((key, words))
        named = [(f"{self.populations[key].reference} {self.populations[key].title}", rows) for key, rows in groups.items()]
        return [("", "None of these"), *named]

    def findings(self) -> Findings:
        """What the action takes."""
        given = {name: value for name, value in self.cleaned_data.items() if name not in {"tested", "evidence", "uploads"}}
        chosen = self.cleaned_data["tested"]
        return Findings(**given, population=self.populations.get(chosen), sample=self.samples.get(chosen))


def latest_populations() -> QuerySet[Population]:
    """Those to choose from."""
    return Population.objects.filter(status=Population.Status.FROZEN).order_by("-made_at")[:OFFERED]


def samples_of(populations: Any) -> QuerySet[Sample]:
    """Their samples, latest first."""
    return Sample.objects.filter(population__in=list(populations)).select_related("population").order_by("-made_at")[:OFFERED]
