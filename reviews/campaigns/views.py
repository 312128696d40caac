"""Screens of preparing, watching and giving up a review."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import Case, Count, F, IntegerField, OuterRef, QuerySet, Subquery, When
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from audit.exports import RecordsExports
from reviews.campaigns.actions import (
    DRAFT_FIELDS,
    cancel_campaign,
    check_is_draft,
    create_campaign,
    edit_campaign,
    edit_scope,
    problems_of,
    start_campaign,
)
from reviews.campaigns.forms import CampaignForm, DraftForm, ScopeForm
from reviews.campaigns.preview import preview_campaign
from reviews.models import Campaign, CampaignSystem, Item
from reviews.reminders import alarms
from reviews.tasks import start
from ui.forms import ReasonForm
from ui.screens import Column, Empty, Filter, FormScreen, ListScreen, ScreenRequest, screen
from workflow.jobs import progress_of
from workflow.models import Job
from workflow.once import OnceScreen
from workflow.screens import TransitionScreen

LIST = ("Reviews", "reviews:list")
JOB_KIND = "campaign.start"


def with_decided() -> QuerySet[Campaign]:
    """Campaigns with `decided`: how many of their items are. Those over need no counting."""
    items = Item.objects.filter(campaign=OuterRef("pk")).exclude(decision="").order_by().values("campaign")
    counted = Subquery(items.annotate(n=Count("pk")).values("n"), output_field=IntegerField())
    over = When(status__in=["signed_off", "closed"], then=F("item_count"))
    return Campaign.objects.annotate(decided=Case(over, default=Coalesce(counted, 0), output_field=IntegerField()))


class CampaignList(RecordsExports, ListScreen):
    """Every review."""

    permission = "reviews.read"
    title = "Reviews"
    template_name = "reviews/campaign_list.html"
    noun = "reviews"
    noun_one = "review"
    columns = (
        Column("reference", "Review", sort="reference", template="reviews/cells/campaign.html", text=lambda one: one.reference),
        Column("quarter", "Quarter", sort="period_from", hide_below=700),
        Column("status_badge", "State", sort="status"),
        Column(
            "progress", "Decided", template="reviews/cells/progress.html", text=lambda one: f"{one.decided} of {one.item_count}"
        ),
        Column("due_on", "Due", sort="due_on", template="reviews/cells/due.html", text=lambda one: one.due_on),
    )
    default_order = ("-period_from", "-created_at")
    filters = (Filter("status", "State", choices=Campaign.Status.choices),)
    search_fields = ("reference", "name")
    search_hint = "Reference or name"
    empty = Empty(
        "No reviews yet",
        "A review asks, once a quarter, whether everybody should still have the access they have.",
        action=("New review", "reviews:create"),
    )
    primary_action = ("New review", "reviews:create", "reviews.write")

    def get_queryset(self) -> QuerySet[Campaign]:
        """With their progress."""
        return with_decided()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the alarm of a quarter whose review has not started."""
        return super().get_context_data(alarms=alarms(self.request.organization), **kwargs)


class CampaignCreate(OnceScreen):
    """Prepare a review."""

    permission = "reviews.write"
    form_class = CampaignForm
    title = "New review"
    submit_label = "Prepare the review"
    explain = "A draft is prepared. Nobody is asked anything until you have seen whom it would ask, and start it."
    breadcrumbs = (LIST,)

    def get_form_kwargs(self) -> dict[str, Any]:
        """The form speaks of the organization's quarter."""
        return {**super().get_form_kwargs(), "organization": self.request.organization}

    def act(self, form: CampaignForm) -> Campaign:
        """Prepare it; a second one of the quarter is allowed, but not by oversight."""
        quarter = form.cleaned_data["quarter"]
        if quarter in form.taken:
            messages.warning(self.request, f"{quarter.name} has another review: {form.taken[quarter]}.")
        return create_campaign(actor=self.request.member, **form.cleaned_data)


class CampaignScreen(TransitionScreen, abstract=True):
    """A form that moves one review on."""

    model = Campaign
    object: Campaign

    def get_breadcrumbs(self) -> Sequence[tuple[str, str]]:
        """Back to the review."""
        return (LIST, (self.object.reference, self.object.get_absolute_url()))


class CampaignEdit(FormScreen):
    """Change a draft."""

    permission = "reviews.write"
    form_class = DraftForm
    model = Campaign
    title = "Edit the draft"
    submit_label = "Save the draft"
    object: Campaign

    def load(self) -> None:
        """A draft. Raises ActionRefused."""
        super().load()
        check_is_draft(self.object)

    def get_breadcrumbs(self) -> Sequence[tuple[str, str]]:
        """Back to the review."""
        return (LIST, (self.object.reference, self.object.get_absolute_url()))

    def get_form_kwargs(self) -> dict[str, Any]:
        """What the draft says now."""
        draft = self.object
        initial = {
            **{name: getattr(draft, name) for name in DRAFT_FIELDS},
            "systems": draft.scope.values_list("system_id", flat=True),
        }
        return {**super().get_form_kwargs(), "organization": self.request.organization, "initial": initial}

    def act(self, form: DraftForm) -> Campaign:
        """Save it."""
        return edit_campaign(self.object, actor=self.request.member, **form.cleaned_data)


class ScopeEdit(FormScreen):
    """Choose a system's population and order of reviewers."""

    permission = "reviews.write"
    form_class = ScopeForm
    model = CampaignSystem
    submit_label = "Save"
    object: CampaignSystem

    def load(self) -> None:
        """A system of a draft. Raises ActionRefused."""
        super().load()
        check_is_draft(self.object.campaign)

    def get_title(self) -> str:
        """The system's name."""
        return f"{self.object.system.name} in {self.object.campaign.reference}"

    def get_breadcrumbs(self) -> Sequence[tuple[str, str]]:
        """Back to the review."""
        return (LIST, (self.object.campaign.reference, self.object.campaign.get_absolute_url()))

    def get_form_kwargs(self) -> dict[str, Any]:
        """The form offers this system's populations."""
        return {**super().get_form_kwargs(), "scoped": self.object}

    def act(self, form: ScopeForm) -> Campaign:
        """Save it."""
        edit_scope(
            self.object,
            snapshot=form.cleaned_data["snapshot"],
            reviewer_order=form.chosen_order(),
            incomplete_reason=form.cleaned_data["incomplete_reason"],
            actor=self.request.member,
        )
        campaign: Campaign = self.object.campaign
        return campaign


class CampaignStart(CampaignScreen):
    """See whom a draft would ask, and start it."""

    permission = "reviews.write"
    transition = Campaign.START
    form_class = forms.Form
    template_name = "reviews/campaign_start.html"

    def get_title(self) -> str:
        """What is about to start."""
        return f"Start {self.object.reference}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The preview, when there is something to preview."""
        problems = problems_of(self.object)
        preview = None if problems else preview_campaign(self.object, self.request.organization)
        late = self.object.due_on < self.request.organization.today()
        return super().get_context_data(**kwargs, campaign=self.object, problems=problems, preview=preview, late=late)

    def act(self, form: Any) -> Campaign:
        """Have a worker start it."""
        job = start_campaign(self.object, actor=self.request.member)
        start.delay_on_commit(str(job.pk), str(self.object.pk))
        return self.object


class CampaignCancel(CampaignScreen):
    """Give a review up."""

    permission = "reviews.sign"
    transition = Campaign.CANCEL
    form_class = ReasonForm
    submit_label = "Cancel the review"
    tone = "danger"
    explain = "Reviewers can decide no more, and nothing that was decided is carried out. What was decided stays on record."

    def get_title(self) -> str:
        """Which one."""
        return f"Cancel {self.object.reference}"

    def act(self, form: ReasonForm) -> Campaign:
        """Give it up."""
        cancel_campaign(self.object, actor=self.request.member, reason=form.cleaned_data["reason"])
        return self.object


@screen("reviews.read")
def starting(request: ScreenRequest, pk: UUID) -> HttpResponse:
    """How far the start is, asked every second; when it is over the page loads anew."""
    campaign = get_object_or_404(Campaign, pk=pk)
    if campaign.status != Campaign.Status.STARTING:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "reviews/starting.html", {"campaign": campaign, **job_progress(campaign)})


def job_progress(campaign: Campaign) -> dict[str, Any]:
    """The latest start as the templates show it."""
    job = Job.objects.filter(subject_id=campaign.pk, kind=JOB_KIND).first()
    done, total = progress_of(job) if job else (0, 0)
    return {"job": job, "done": done, "total": total or None}


def campaign_path(campaign: Campaign, name: str) -> str:
    """The address of one of its screens."""
    return reverse(f"reviews:{name}", args=[campaign.pk])
