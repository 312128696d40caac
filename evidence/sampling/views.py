"""Screens of samples."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from evidence.hiding import populations_seen_by
from evidence.models import Population, Sample
from evidence.populations.views import CRUMBS
from evidence.sampling.actions import PERMISSION, choose_sample, draw_sample
from evidence.sampling.forms import ChooseForm, DrawForm
from evidence.sampling.reading import drawn
from ui.refusals import ActionRefused
from ui.screens import DetailScreen
from workflow.once import OnceScreen


class _FromPopulation(OnceScreen, abstract=True):
    """A form that makes a sample of one population."""

    permission = PERMISSION
    model = Population
    object: Population

    def get_queryset(self) -> QuerySet[Any]:
        """Of what one sees."""
        return populations_seen_by(self.request.member)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override] # or a refusal
        """No form where there is nothing to draw from."""
        self.load()
        if self.object.status != Population.Status.FROZEN or not self.object.row_count:
            raise ActionRefused(f"{self.object} has no rows to draw from.")
        return super().get(request, *args, **kwargs)

    def get_breadcrumbs(self) -> Sequence[tuple[str, str]]:
        """Back to the population."""
        return (*CRUMBS, (self.object.reference, self.object.get_absolute_url()))

    def get_form_kwargs(self) -> dict[str, Any]:
        """The form knows its population."""
        return {**super().get_form_kwargs(), "population": self.object}


def own_name(member: Any) -> str:
    """The name of somebody who only draws, as an auditor does; those who add evidence draw for somebody else."""
    return "" if member.can("evidence.write") else str(member.name)


class SampleDraw(_FromPopulation):
    """Draw by seed."""

    form_class = DrawForm
    submit_label = "Draw the sample"
    explain = "The rows follow from the seed alone. A sample cannot be changed; another one needs a reason."
    success_message = "The sample is drawn."

    def get_title(self) -> str:
        """From which population."""
        return f"Draw a sample of {self.object.reference}"

    def get_initial(self) -> dict[str, Any]:
        """An auditor who draws gives the seed as well."""
        return {"seed_from": own_name(self.request.member)}

    def act(self, form: DrawForm) -> Sample:
        """Draw it."""
        return draw_sample(self.object, actor=self.request.member, **form.cleaned_data)


class SampleChoose(_FromPopulation):
    """Type the auditor's own selection."""

    form_class = ChooseForm
    submit_label = "Keep the selection"
    explain = "An auditor may choose the rows themselves. They are kept in the order typed, under the name of who chose them."
    success_message = "The selection is kept."

    def get_title(self) -> str:
        """From which population."""
        return f"Rows chosen from {self.object.reference}"

    def get_initial(self) -> dict[str, Any]:
        """An auditor who types a selection has chosen it."""
        return {"chosen_by": own_name(self.request.member)}

    def act(self, form: ChooseForm) -> Sample:
        """Keep it."""
        return choose_sample(self.object, actor=self.request.member, **form.cleaned_data)


class SampleDetail(DetailScreen):
    """One sample: its rows, and how anybody can draw it again."""

    permission = "evidence.read"
    template_name = "evidence/sample_detail.html"
    object: Sample

    def get_queryset(self) -> QuerySet[Any]:
        """With its population and its file."""
        shown = populations_seen_by(self.request.member).values("pk")
        return Sample.objects.filter(population__in=shown).select_related("population__file", "made_by__user")

    def get_title(self) -> str:
        """Number and population."""
        return f"Sample {self.object.number} of {self.object.population.reference}"

    def get_breadcrumbs(self) -> Sequence[tuple[str, str]]:
        """Back to the population."""
        return (*CRUMBS, (self.object.population.reference, self.object.population.get_absolute_url()))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The rows, or why they cannot be shown."""
        sample = self.object
        try:
            shown, damage = drawn(sample), ""
        except ActionRefused as refusal:
            shown, damage = None, refusal.sentence
        return super().get_context_data(facts=_facts(sample), drawn=shown, damage=damage, **kwargs)


def _facts(sample: Sample) -> list[tuple[str, Any]]:
    by_seed = sample.method == Sample.Method.SEED
    rows = [
        ("How", sample.get_method_display()),
        ("Seed", sample.seed),
        ("Seed given by" if by_seed else "Chosen by", sample.seed_from),
        ("Algorithm", sample.algorithm),
        ("Rows", f"{sample.size:,} of {sample.population.row_count:,}"),
        ("Recorded by", sample.made_by.name if sample.made_by else ""),
        ("When", sample.made_at),
        ("Why another sample", sample.reason),
    ]
    return [(label, value) for label, value in rows if value]
