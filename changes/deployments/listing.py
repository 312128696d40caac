"""Lists of deployments and of what the gate answered."""

import datetime as dt
import uuid
from collections.abc import Sequence
from functools import partial
from typing import Any, ClassVar

from django.db.models import Q, QuerySet

from audit.exports import RecordsExports
from changes.deployments.environments import counting, known_environments
from changes.models import Change, Classification, Deployment, DeploymentBatch, GateAnswer
from changes.models.deployment import Note
from tenancy.models import Organization
from ui.screens import Column, DayFilter, Empty, Filter, ListScreen
from ui.values import exact

READ, RULES, REPORT = "changes.read", "change_rules.write", "deployments.write"


class _Uncounted(Filter):
    """A filter whose counts would cost more than they tell."""

    counted: ClassVar[bool] = False


class _Quiet(_Uncounted):
    """A filter that other pages link here with: it is offered only where the address names it."""

    def options(self, screen: Any) -> list[tuple[str, str]]:
        """As other filters have them, once it is in use."""
        return super().options(screen) if self.name in screen.request.GET else []


class _OneChange(_Uncounted):
    """The one change that the address names: its page links here with it."""

    def options(self, screen: Any) -> list[tuple[str, str]]:
        """The change named, if there is one."""
        try:
            key = uuid.UUID(screen.request.GET.get(self.name, ""))
        except ValueError:
            return []
        return [(str(one.pk), str(one)) for one in Change.objects.filter(pk=key)]


def since(organization: Organization, day: dt.date, name: str = "deployed_at") -> Q:
    """What was deployed on a local day or later."""
    return Q(**{f"{name}__gte": organization.end_of(day - dt.timedelta(days=1))})


def until(organization: Organization, day: dt.date, name: str = "deployed_at") -> Q:
    """What was deployed on a local day or earlier."""
    return Q(**{f"{name}__lt": organization.end_of(day)})


class DeploymentList(RecordsExports, ListScreen):
    """Every deployment that was reported, and how it is accounted for."""

    permission = READ
    title = "Deployments"
    lede = "What went to which environment, as pipelines reported it, and whether its change was approved before."
    noun = "deployments"
    noun_one = "deployment"
    template_name = "changes/deployment_list.html"
    columns = (
        Column("deployed_at", "Deployed", sort="deployed_at", link=True, text=lambda one: exact(one.deployed_at)),
        Column("what", "What", wide=True),
        Column("environment", "Environment", sort="environment", hide_below=700),
        Column(
            "class_badge",
            "Class",
            sort="classification",
            template="changes/cells/class.html",
            text=lambda one: one.get_classification_display(),
        ),
        Column("change.reference", "Change", sort="change__reference", hide_below=700, whole=True),
        Column("commit", "Commit", value=lambda one: one.commit[:8], text=lambda one: one.commit, hide_below=1000, whole=True),
        Column("deployed_by", "By", sort="deployed_by", hide_below=1300),
        Column("notes", "Worth knowing", value=lambda one: ", ".join(one.note_words), hide_below=1000),
        Column("outcome", "Outcome", sort="outcome", hide_below=1500),
        Column("source", "Reported by", sort="source", hide_below=1500),
        Column("batch.received_at", "Reported", hide_below=1500, text=lambda one: exact(one.batch.received_at)),
        Column("batch.name", "In the file", hide_below=1500),
        Column("external_id", "Its id there", hide_below=1500),
    )
    default_order = ("-deployed_at",)
    search_fields = ("external_id", "commit", "repository", "service", "deployed_by")
    search_hint = "Commit, repository, service, by whom or id"
    empty = Empty(
        "No deployment was reported yet",
        "A pipeline reports each deployment with a token, or a file with those of a past period is imported.",
        action=("Import deployments", "changes:deployment-import"),
        sample=("Sample file", "changes:deployment-sample"),
    )

    def get_queryset(self) -> QuerySet[Any]:
        """With their changes, and the report that each came in."""
        return Deployment.objects.select_related("change", "batch")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Who may import."""
        return super().get_context_data(may_report=self.request.member.can(REPORT), **kwargs)

    def get_filters(self) -> Sequence[Filter]:
        """Environments are those that something was deployed to."""
        if not hasattr(self, "_filters"):
            organization = self.request.organization
            environments = [(one, one) for one in known_environments()]
            notes = {note.value: Q(notes__contains=[note.value]) for note in Note}
            self._filters = (
                Filter("class", "Class", choices=Classification.choices, lookup="classification", multiple=True),
                _Uncounted("environment", "Environment", choices=environments, multiple=True),
                _Uncounted("note", "Worth knowing", choices=Note.choices, where=notes),
                _Uncounted("outcome", "Outcome", choices=Deployment.Outcome.choices),
                DayFilter("from", "From", within=partial(since, organization)),
                DayFilter("to", "To", within=partial(until, organization)),
                _OneChange("change", "Change", choices=(), lookup="change_id"),
                _Quiet("via", "Came by", choices=DeploymentBatch.Via.choices, lookup="batch__via"),
                _Quiet("counts", "Environments", choices=[("yes", "Those that count")], where={"yes": counting()}),
            )
        return self._filters


class GateList(RecordsExports, ListScreen):
    """What pipelines asked, and what they were told."""

    permission = READ
    title = "Gate"
    lede = "Whether a commit might go, asked by pipelines, and what each was told. Nothing here is changed or taken away."
    noun = "answers"
    noun_one = "answer"
    breadcrumbs = (("Deployments", "changes:deployment-list"),)
    columns = (
        Column("asked_at", "Asked", sort="asked_at", text=lambda one: exact(one.asked_at)),
        Column("answer_badge", "Answer", sort="allowed", text=lambda one: "Allowed" if one.allowed else "Denied"),
        Column("change.reference", "Change", sort="change__reference", whole=True),
        Column("environment", "Environment", sort="environment", hide_below=700),
        Column("commit", "Commit", value=lambda one: one.commit[:10], text=lambda one: one.commit, hide_below=700),
        Column("reasons", "Why", value=lambda one: " ".join(one.reasons), wide=True),
        Column("asked_by.name", "Asked by", hide_below=1000),
        Column("token", "Token", hide_below=1300),
    )
    default_order = ("-asked_at",)
    search_fields = ("commit", "repository", "change__reference")
    search_hint = "Commit, repository or number of the change"
    empty = Empty("No pipeline has asked yet", "docs/pipeline-gate.md has examples for GitHub Actions, GitLab CI and plain curl.")

    def get_queryset(self) -> QuerySet[Any]:
        """With their changes and who asked."""
        return GateAnswer.objects.select_related("change", "asked_by__user")

    def row_url(self, row: Any) -> str:
        """To the change."""
        return row.change.get_absolute_url() if row.change else ""

    def get_filters(self) -> Sequence[Filter]:
        """Days are those of the organization."""
        organization = self.request.organization
        answers = {"allowed": Q(allowed=True), "denied": Q(allowed=False)}
        return (
            Filter("answer", "Answer", choices=[("allowed", "Allowed"), ("denied", "Denied")], where=answers),
            DayFilter("from", "From", within=partial(since, organization, name="asked_at")),
            DayFilter("to", "To", within=partial(until, organization, name="asked_at")),
            _OneChange("change", "Change", choices=(), lookup="change_id"),
        )
