"""Forms of a draw."""

from typing import Any

from django import forms

from evidence.models import Population, Sample
from evidence.sampling.actions import LARGEST
from evidence.sampling.sizes import SUGGESTIONS, suggested_size
from ui.forms import TextArea
from workflow.once import OnceForm


class _SampleForm(OnceForm):
    """Asks for a reason when there is a sample already."""

    reason = forms.CharField(
        label="Why another sample", max_length=4000, widget=TextArea(rows=2), help_text="It is kept with the new sample."
    )

    def __init__(self, *args: Any, population: Population, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not Sample.objects.filter(population=population).exists():
            del self.fields["reason"]


class DrawForm(_SampleForm):
    """Seed and size."""

    seed = forms.CharField(
        label="Seed",
        max_length=200,
        help_text="Any words or numbers; best the auditor's. The same seed draws the same rows from this population anywhere.",
    )
    seed_from = forms.CharField(
        label="Who gave the seed",
        max_length=200,
        required=False,
        help_text="Name and firm, when it is the auditor's. Left empty, the sample is your own, under your name.",
    )
    size = forms.IntegerField(label="Rows to draw", min_value=1)
    field_order = ("seed", "seed_from", "size", "reason")

    def __init__(self, *args: Any, population: Population, **kwargs: Any) -> None:
        super().__init__(*args, population=population, **kwargs)
        most = min(population.row_count, LARGEST)
        days = (population.period_to - population.period_from).days + 1
        self.initial.setdefault("size", suggested_size(population.row_count, days))
        size = self.fields["size"]
        size.widget.attrs["max"] = most
        usual = ", ".join(f"{one.frequency.lower()} {one.words}" for one in SUGGESTIONS)
        size.help_text = f"Up to {most:,}. Customary by how often a control runs: {usual}."


class ChooseForm(_SampleForm):
    """The auditor's own selection."""

    keys = forms.CharField(
        label="Keys of the rows",
        max_length=250_000,
        widget=TextArea(rows=8),
        help_text="One on each line, as in the first column of the workbook.",
    )
    chosen_by = forms.CharField(label="Who chose them", max_length=200, help_text="Name and firm.")
    field_order = ("keys", "chosen_by", "reason")

    def clean_keys(self) -> list[str]:
        """The lines that say something."""
        lines: str = self.cleaned_data["keys"]
        return [line.strip() for line in lines.splitlines() if line.strip()]
