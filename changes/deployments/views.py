"""Screens of deployments: one of them, its link by hand, what they add up to, which count."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.generic import TemplateView

from changes.deployments import actions
from changes.deployments.carried import carried_by
from changes.deployments.coverage import Coverage, coverage
from changes.deployments.environments import choose_environments, counted_environments, known_environments
from changes.deployments.explaining import explain
from changes.deployments.forms import EnvironmentsForm, LinkForm
from changes.deployments.listing import READ, RULES
from changes.deployments.population import KIND
from changes.models import Classification, Deployment, DeploymentFinding, DeploymentLink, Reconciliation
from changes.models.deployment import Note, class_badge
from controls.periods.current import period_of
from evidence.models import Population
from ui.screens import DetailScreen, FormScreen, ScreenRequest, screen
from ui.screens.base import Screen
from ui.values import spelled
from workflow.once import OnceReasonForm, OnceScreen

LIST = ("Deployments", "changes:deployment-list")
COVERAGE = ("Coverage", "changes:reconciliation")
FREEZE = "evidence.write"
SHOWN = 5


def linked_by_hand(deployment: Deployment) -> DeploymentLink | None:
    """The link that somebody made, if one holds."""
    links = DeploymentLink.objects.filter(deployment=deployment, status=DeploymentLink.Status.LINKED)
    return links.select_related("change", "linked_by__user").first()


class DeploymentDetail(DetailScreen):
    """One deployment: what was reported, how it is accounted for, and why."""

    permission = READ
    template_name = "changes/deployment_detail.html"
    breadcrumbs = (LIST,)
    object: Deployment

    def get_queryset(self) -> QuerySet[Any]:
        """With all that the page says."""
        return Deployment.objects.select_related("change__agreed_by", "system", "person", "batch__sent_by__user")

    def get_title(self) -> str:
        """What went where."""
        return str(self.object)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The explanation, its finding, and what this member may do."""
        one, member = self.object, self.request.member
        link = linked_by_hand(one)
        raised = DeploymentFinding.objects.filter(deployment=one).select_related("finding").first()
        return super().get_context_data(
            told=explain(one, link),
            carried=carried_by(one),
            link=link,
            finding=raised.finding if raised else None,
            may_see_finding=member.can("findings.read"),
            may_link=member.can(actions.LINK),
            **kwargs,
        )


class _AboutDeployment(OnceScreen, abstract=True):
    permission = actions.LINK
    model = Deployment
    object: Deployment
    verb = ""

    def get_title(self) -> str:
        """What, and to which."""
        return f"{self.verb}: {self.object}"

    def get_breadcrumbs(self) -> Sequence[tuple[str, str]]:
        """Back to the deployment."""
        return (LIST, (str(self.object), self.object.get_absolute_url()))


class DeploymentLinkScreen(_AboutDeployment):
    """Say which change it belongs to, and why."""

    form_class = LinkForm
    verb = "Link to a change"
    submit_label = "Link it"
    explain = "Its class follows from the change: linking approves nothing. What was approved later stays approved later."
    success_message = "The deployment is linked."

    def act(self, form: LinkForm) -> Deployment:
        """Link it."""
        actions.link(self.object, actor=self.request.member, **form.cleaned_data)
        return self.object


class DeploymentUnlink(_AboutDeployment):
    """Take the link by hand away again."""

    form_class = OnceReasonForm
    verb = "Remove the link"
    submit_label = "Remove the link"
    explain = "Its class follows again from what Plumbline finds by itself."
    success_message = "The link was removed."

    def act(self, form: OnceReasonForm) -> Deployment:
        """Remove it."""
        actions.unlink(self.object, actor=self.request.member, **form.cleaned_data)
        return self.object


def days_of(request: Any) -> tuple[dt.date, dt.date]:
    """The days in the address, else the audit period up to today, else this month."""
    today = request.organization.today()
    period = period_of(request)
    first, last = (period.starts_on, min(period.ends_on, today)) if period else (today.replace(day=1), today)
    first, last = _day(request.GET.get("from", ""), first), _day(request.GET.get("to", ""), last)
    return (first, last) if first <= last else (last, first)


def _day(typed: str, usual: dt.date) -> dt.date:
    try:
        day = dt.date.fromisoformat(typed)
    except ValueError:
        return usual
    return day if 2000 <= day.year <= 2999 else usual


class CoveragePage(Screen, TemplateView):
    """Of all deployments in a span of days, how many fall into which class."""

    permission = READ
    title = "Coverage of deployments"
    breadcrumbs = (LIST,)
    template_name = "changes/reconciliation.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The classes and notes, each with its rows behind it, and the frozen populations of these days."""
        first, last = days_of(self.request)
        found = coverage(first, last, self.request.organization)
        chosen = counted_environments()
        frozen = Population.objects.filter(kind=KIND, period_from=first, period_to=last).order_by("-made_at")
        member = self.request.member
        return super().get_context_data(
            **self.frame(),
            found=found,
            classes=_classes(found),
            notes=[(note.value, note.label, found.notes[note]) for note in Note if found.notes[note]],
            sentence=_sentence(found),
            environments=chosen,
            narrowed="".join(f"&{urlencode({'environment': one})}" for one in chosen),
            populations=frozen[:SHOWN],
            runs=Reconciliation.objects.all()[:SHOWN],
            freeze_url=f"{reverse('evidence:population-freeze')}?kind={KIND}&period_from={first}&period_to={last}",
            may_freeze=member.can(FREEZE),
            may_choose=member.can(RULES),
            may_reconcile=member.can(actions.LINK),
            **kwargs,
        )


def _classes(found: Coverage) -> list[dict[str, Any]]:
    """A row for each class with its share of all."""
    words = {
        Classification.APPROVED_BEFORE: "The change was approved, then it was deployed.",
        Classification.STANDARD: "An approved template that had not expired covers it.",
        Classification.EMERGENCY: "Somebody agreed by word first; it is approved in writing afterwards.",
        Classification.APPROVED_AFTER: "It was deployed, then its change was approved.",
        Classification.UNAPPROVED: "Its change had no approval that covered it.",
        Classification.UNMATCHED: "No change is known for it.",
    }
    return [
        {
            "value": one.value,
            "badge": class_badge(one.value),
            "words": said,
            "count": found.counts[one],
            "share": f"{found.counts[one] * 100 / found.total:.1f} %" if found.total else "",
        }
        for one, said in words.items()
    ]


def _sentence(found: Coverage) -> str:
    """What it comes to, with its denominator."""
    days = f"from {spelled(found.first)} to {spelled(found.last)}"
    if not found.total:
        return f"No deployment was reported {days}: nothing can be said of them."
    word = f", {found.on_word:,} of them on the pipeline's word" if found.on_word else ""
    words = f"{found.beforehand:,} of {found.total:,} deployments {days} were approved beforehand{word}."
    if found.unaccounted:
        one = found.unaccounted == 1
        words += (
            f" {found.unaccounted:,} {'has' if one else 'have'} no approval that covers {'it' if one else 'them'}, or no change."
        )
    return words


class EnvironmentsEdit(FormScreen):
    """Choose which environments count."""

    permission = RULES
    form_class = EnvironmentsForm
    title = "Environments that count"
    breadcrumbs = (LIST, COVERAGE)
    submit_label = "Choose these"
    success_message = "These environments count from now on, for deployments of the past as well."

    def get_initial(self) -> dict[str, Any]:
        """Those chosen now."""
        return {"environments": ", ".join(counted_environments())}

    @property
    def explain(self) -> str:  # type: ignore[override]
        """With those there are."""
        known = known_environments()
        return f"Deployments were reported for {', '.join(known)}." if known else "No deployment was reported yet."

    def act(self, form: EnvironmentsForm) -> str:
        """Choose them."""
        choose_environments(form.cleaned_data["environments"], actor=self.request.member)
        return reverse("changes:reconciliation")


@screen(actions.LINK, methods=["POST"])
def reconcile_all(request: ScreenRequest) -> HttpResponse:
    """Account for every deployment anew."""
    from_ = actions.reconcile_everything(actor=request.member)
    changed = len(from_.keys)
    words = f"{changed:,} deployment{'' if changed == 1 else 's'} fell into another class." if changed else "Nothing has changed."
    messages.success(request, words)
    return redirect("changes:reconciliation")
