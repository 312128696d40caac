"""Screens of the populations for testing."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.cache import patch_vary_headers

from accounts.models import Member
from accounts.roles import ROLES
from audit.exports import RecordsExports
from evidence import downloads
from evidence.hiding import populations_seen_by
from evidence.models import Population, Sample
from evidence.populations.forms import FreezeForm
from evidence.populations.reading import limits_of, page_of
from evidence.populations.registry import kinds
from evidence.populations.tasks import start_freezing
from ui.components import Badge, Tone
from ui.refusals import ActionRefused
from ui.screens import Column, DetailScreen, Empty, Filter, ListScreen, ScreenRequest, screen
from workflow.models import Job
from workflow.once import OnceScreen

CRUMBS = (("Test populations", "evidence:population-list"),)
NAMED = 2  # people to ask
WRITE = "evidence.write"
DRAW = "samples.draw"  # the auditor too: by seed, or rows of their own choice
_TONES: dict[str, Tone] = {"freezing": "info", "frozen": "ok", "failed": "bad"}


def status_badge(population: Population) -> Badge:
    """Its state as a word in a tone."""
    return Badge(population.get_status_display(), _TONES[population.status])


class PopulationList(RecordsExports, ListScreen):
    """Every population that was frozen for testing."""

    permission = "evidence.read"
    title = "Test populations"
    lede = "All events of one kind in a period, frozen with the statement of their source: what an auditor draws samples from."
    template_name = "evidence/population_list.html"
    noun = "test populations"
    noun_one = "test population"
    columns = (
        Column("reference", "Number", sort="reference", link=True, whole=True),
        Column("title", "Population", sort="title"),
        Column("status", "State", sort="status", value=status_badge),
        Column("row_count", "Rows", sort="row_count", numeric=True, hide_below=700),
        Column("samples_drawn", "Samples", numeric=True, hide_below=1000),
        Column("made_at", "Asked for", sort="made_at", hide_below=700),
        Column("digest", "SHA-256", value=lambda one: one.digest[:12], text=lambda one: one.digest, hide_below=1300),
    )
    default_order = ("-made_at",)
    filters = (
        Filter("kind", "Kind", choices=lambda _: [(one.key, one.label) for one in kinds()]),
        Filter("status", "State", choices=Population.Status.choices),
    )
    search_fields = ("reference", "title")
    search_hint = "Number or title"
    empty = Empty(
        "Nothing was frozen yet",
        "Joiners, leavers, access grants and more can be frozen for any period, for an auditor to draw a sample from.",
        action=("Freeze a population", "evidence:population-freeze"),
    )
    primary_action = ("Freeze a population", "evidence:population-freeze", WRITE)

    def get_queryset(self) -> QuerySet[Any]:
        """With how many samples were drawn of each."""
        return populations_seen_by(self.request.member).annotate(samples_drawn=Count("samples"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With whom to ask, for those who may not freeze any themselves."""
        member = self.request.member
        asking = "" if member.can(WRITE) else whom_to_ask(self.request.organization)
        return super().get_context_data(asking=asking, **kwargs)


def whom_to_ask(organization: Any) -> str:
    """Who freezes populations here, by name and role: those who run the programme before administrators."""
    active = Member.objects.active().of(organization).select_related("user").order_by("user__name", "pk")
    for role in ("compliance_manager", "administrator"):
        if names := [one.name for one in active.having(role)[:NAMED]]:
            return f"{' or '.join(names)} ({ROLES[role].name.lower()}) can freeze one for you: say which, and from when to when."
    return "Nobody here may freeze one now."


class PopulationFreeze(OnceScreen):
    """Freeze a population."""

    permission = WRITE
    form_class = FreezeForm
    title = "Freeze a population"
    submit_label = "Freeze it"
    explain = "Its rows are read now and kept as a workbook with a hash. What changes later does not change them."
    breadcrumbs = CRUMBS

    def get_initial(self) -> dict[str, Any]:
        """What a page that leads here says."""
        return {name: self.request.GET[name] for name in FreezeForm.base_fields if name in self.request.GET}

    def get_form_kwargs(self) -> dict[str, Any]:
        """Nothing after today."""
        return {**super().get_form_kwargs(), "today": self.request.organization.today()}

    def act(self, form: FreezeForm) -> Population:
        """Begin."""
        population, self.job = start_freezing(**form.cleaned_data, actor=self.request.member)
        return population

    def go_to(self, url: str) -> HttpResponse:
        """To how far it is."""
        return super().go_to(reverse("workflow:job", args=[self.job.pk]))


class PopulationDetail(DetailScreen):
    """One population: what it holds, where that comes from, and the samples drawn from it."""

    permission = "evidence.read"
    template_name = "evidence/population_detail.html"
    breadcrumbs = CRUMBS
    search_hint = "Search the rows"
    object: Population

    def get_queryset(self) -> QuerySet[Any]:
        """With its file."""
        return populations_seen_by(self.request.member).select_related("file", "made_by__user")

    def get_title(self) -> str:
        """Number and title."""
        return f"{self.object.reference}: {self.object.title}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Facts and samples."""
        population = self.object
        frozen = population.status == Population.Status.FROZEN
        return super().get_context_data(
            badge=status_badge(population),
            facts=_facts(population),
            **(self._rows() if frozen else {}),
            samples=Sample.objects.filter(population=population).select_related("made_by__user"),
            job=None if frozen else self._job(),
            may_draw=self.request.member.can(DRAW) and frozen and population.row_count,
            **kwargs,
        )

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        """The page, or its rows alone for htmx."""
        if not self.wants_fragment():
            return super().render_to_response(context, **kwargs)
        response = TemplateResponse(self.request, f"{self.template_name}#rows", context)
        patch_vary_headers(response, ["HX-Request"])
        return response

    def _rows(self) -> dict[str, Any]:
        """A page of the rows, or why none can be shown; and what limits them."""
        limits = limits_of(self.object)
        try:
            return {"listing": page_of(self.object, self.request.GET), "limits": limits}
        except ActionRefused as refusal:
            return {"damage": refusal.sentence, "limits": limits}

    def _job(self) -> Job | None:
        """The member's own job that freezes it."""
        jobs: QuerySet[Job] = Job.objects.filter(subject_id=self.object.pk, actor_id=self.request.member.pk)
        return jobs.order_by("-created_at").first()


def _facts(population: Population) -> Sequence[tuple[str, Any]]:
    return [
        ("From", population.period_from),
        ("To", population.period_to),
        ("Asked for by", population.made_by.name if population.made_by else "Plumbline"),
        ("When", population.made_at),
    ]


@screen("evidence.read")
def file(request: ScreenRequest, pk: UUID) -> HttpResponseBase:
    """The workbook."""
    population = get_object_or_404(populations_seen_by(request.member).select_related("file"), pk=pk)
    if population.file is None:
        raise Http404
    return downloads.take_away(population.file, actor=request.member, name=f"{population.reference}.xlsx")
