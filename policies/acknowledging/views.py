"""Screens of acknowledgements: what is read and confirmed on one page, the certificate, and a campaign with its gaps."""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect

from policies.acknowledging import asking, forms
from policies.acknowledging.certificates import JOB_KIND, ask_certificate, paper_of, take_certificate
from policies.acknowledging.confirming import confirm
from policies.acknowledging.listing import with_counts
from policies.acknowledging.rights import is_theirs, visible_to
from policies.models import Acknowledgement, AcknowledgementCampaign, AcknowledgementRule, PolicyVersion
from policies.register.views import AboutPolicy
from policies.rights import ACKNOWLEDGE, EVERYBODY, READ, WRITE
from ui.markdown import render
from ui.screens import DetailScreen, ScreenRequest, screen
from ui.values import exact
from workflow.models import Job
from workflow.once import OnceScreen
from workflow.screens import TransitionScreen

LIST = ("Acknowledgements", "policies:acknowledgements")
CAMPAIGNS = ("Campaigns", "policies:acknowledge-campaigns")
NAMED = 50  # gaps on the page of a campaign
DAYS = 14


def _with_text(rows: QuerySet[Acknowledgement]) -> QuerySet[Acknowledgement]:
    return rows.select_related("campaign__version__file", "campaign__policy__owner", "confirmed_by__user")


class AcknowledgementDetail(DetailScreen):
    """One person's acknowledgement: the text with the form while it is theirs to confirm, the certificate after."""

    permission = EVERYBODY
    template_name = "policies/acknowledging/acknowledgement_detail.html"
    breadcrumbs = (LIST,)
    object: Acknowledgement

    def get_queryset(self) -> QuerySet[Acknowledgement]:
        """What this member may see."""
        return _with_text(visible_to(self.request.member))

    def get_title(self) -> str:
        """The policy, as whoever confirms it calls it."""
        return str(self.object.campaign.version)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With what it says, and the form where it is theirs."""
        return super().get_context_data(**shown(self.object, self.request), **kwargs)


def shown(acknowledgement: Acknowledgement, request: Any) -> dict[str, Any]:
    """What the page shows."""
    version: PolicyVersion = acknowledgement.campaign.version
    under_way = acknowledgement.status == "open" and acknowledgement.campaign.status == "open"
    mine = is_theirs(acknowledgement, request.member) and request.member.can(ACKNOWLEDGE)
    return {
        "one": acknowledgement,
        "version": version,
        "html": render(version.text) if version.is_written else "",
        "standing": acknowledgement.badge(request.organization.today()),
        "confirmed_at": exact(acknowledgement.confirmed_at) if acknowledgement.confirmed_at else "",
        "may_confirm": under_way and mine,
        "may_read_campaign": request.member.can(READ),
        "paper": paper_of(acknowledgement),
        "pdf_job": Job.objects.filter(subject_id=acknowledgement.pk, kind=JOB_KIND).order_by("-created_at").first(),
        "confirm_form": forms.ConfirmForm(initial={"content_hash": acknowledgement.campaign.content_hash}),
    }


class Confirm(OnceScreen):
    """Confirm what was read."""

    permission = ACKNOWLEDGE
    model = Acknowledgement
    form_class = forms.ConfirmForm
    template_name = "policies/acknowledging/acknowledgement_detail.html"
    breadcrumbs = (LIST,)
    submit_label = "Confirm"
    success_message = "Your confirmation is kept."
    object: Acknowledgement

    def get_queryset(self) -> QuerySet[Any]:
        """What this member may see."""
        return _with_text(visible_to(self.request.member))

    def load(self) -> None:
        """Only whoever was asked. Raises PermissionDenied."""
        super().load()
        if not is_theirs(self.object, self.request.member):
            raise PermissionDenied

    def get_title(self) -> str:
        """The policy."""
        return str(self.object.campaign.version)

    def get_initial(self) -> dict[str, Any]:
        """What is shown now."""
        return {"content_hash": self.object.campaign.content_hash}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The page of it, with what is wrong at the field."""
        context = super().get_context_data(**kwargs)
        return {**context, **shown(self.object, self.request), "object": self.object, "confirm_form": context["form"]}

    def act(self, form: forms.ConfirmForm) -> Acknowledgement:
        """Confirm it."""
        return confirm(self.object, actor=self.request.member, content_hash=form.cleaned_data["content_hash"])


@screen(EVERYBODY, methods=["POST"])
def make_certificate(request: ScreenRequest, pk: UUID) -> HttpResponse:
    """Have the certificate printed; whoever sees it may."""
    found = get_object_or_404(_with_text(visible_to(request.member)), pk=pk)
    ask_certificate(found, actor=request.member)
    return redirect(found)


@screen(EVERYBODY)
def certificate(request: ScreenRequest, pk: UUID) -> HttpResponseBase:
    """The certificate as it was printed."""
    return take_certificate(get_object_or_404(_with_text(visible_to(request.member)), pk=pk), request.member)


class CampaignDetail(DetailScreen):
    """A campaign: how many have confirmed, by department, and who has not by name."""

    permission = READ
    template_name = "policies/acknowledging/campaign_detail.html"
    breadcrumbs = (LIST, CAMPAIGNS)
    object: Any

    def get_queryset(self) -> QuerySet[Any]:
        """With its counts."""
        return with_counts(AcknowledgementCampaign.objects.select_related("started_by__user"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The coverage and its gaps; those who left since are apart."""
        today = self.request.organization.today()
        rows = Acknowledgement.objects.filter(campaign=self.object)
        left = Q(person__status="left") | Q(person__left_on__lt=today)
        gaps = rows.filter(Q(status="open"), ~left).select_related("person__manager", "person__member")
        return super().get_context_data(
            departments=list(
                rows.order_by("person__department")
                .values("person__department")
                .annotate(asked=Count("pk"), confirmed=Count("pk", filter=Q(status="confirmed")))
            ),
            gaps=list(gaps.order_by("due_on", "person__name", "pk")[:NAMED]),
            gap_count=gaps.count(),
            gone=rows.filter(left, status="open").count(),
            overdue=gaps.filter(due_on__lt=today).count() if self.object.status == "open" else 0,
            outside=gaps.filter(person__member=None).count(),
            today=today,
            may_close=self.object.status == "open" and self.request.member.can(WRITE),
            **kwargs,
        )


class CampaignStart(OnceScreen):
    """Ask people to read a policy and to confirm it."""

    permission = WRITE
    form_class = forms.CampaignForm
    title = "Ask for acknowledgement"
    breadcrumbs = (LIST,)
    submit_label = "Ask them"
    explain = "Everybody asked finds it in My work and is reminded. Who is asked already is not asked twice."
    success_message = "They are asked."

    def get_initial(self) -> dict[str, Any]:
        """Two weeks, and the version that the address names."""
        return {
            "due_on": self.request.organization.today() + dt.timedelta(days=DAYS),
            "version": self.request.GET.get("version", ""),
        }

    def act(self, form: forms.CampaignForm) -> AcknowledgementCampaign:
        """Ask them."""
        said = {name: value for name, value in form.cleaned_data.items() if name != "once"}
        return asking.start_campaign(actor=self.request.member, **said)


class CampaignClose(TransitionScreen, OnceScreen):
    """Ask nobody any more."""

    permission = WRITE
    model = AcknowledgementCampaign
    transition = AcknowledgementCampaign.CLOSE
    form_class = forms.CloseForm
    submit_label = "Close it"
    tone = "danger"
    explain = "Nobody is asked or reminded any more. What was confirmed stays, and so does who has not."
    success_message = "It is closed."
    object: AcknowledgementCampaign

    def get_title(self) -> str:
        """Which one."""
        return f"Close “{self.object}”"

    def get_breadcrumbs(self) -> Sequence[tuple[str, str]]:
        """Back to it."""
        return (LIST, (str(self.object.version), self.object.get_absolute_url()))

    def act(self, form: forms.CloseForm) -> AcknowledgementCampaign:
        """Close it."""
        return asking.close_campaign(self.object, actor=self.request.member, **form.cleaned_data)


class RuleEdit(AboutPolicy):
    """Say when a policy asks to be acknowledged by itself, and whom."""

    permission = WRITE
    form_class = forms.RuleForm
    verb = "Acknowledgement of"
    explain = "While a version of it is in force. Whoever is in the audience and was never asked is asked first."
    success_message = "It is kept."

    def _rule(self) -> AcknowledgementRule | None:
        return AcknowledgementRule.objects.filter(policy=self.object).first()

    def get_form_kwargs(self) -> dict[str, Any]:
        """With what it has."""
        return {**super().get_form_kwargs(), "rule": self._rule()}

    def get_initial(self) -> dict[str, Any]:
        """As it is."""
        rule = self._rule()
        names = ("audience", "departments", "groups", "days", "after_change", "on_joining", "yearly")
        return {name: getattr(rule, name) for name in names} if rule else {}

    def act(self, form: forms.RuleForm) -> Any:
        """Keep it."""
        asking.put_rule(self.object, actor=self.request.member, **form.facts())
        return self.object
