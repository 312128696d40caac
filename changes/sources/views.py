"""Screens of sources: one of them, adding, changing, its secret, retiring."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.factors import FactorScreenMixin
from changes.models import ChangeSource, Provider, SourcePush
from changes.sources import actions
from changes.sources.actions import RUN
from changes.sources.forms import SecretForm, SourceEditForm, SourceForm
from changes.sources.listed import FIELDS
from changes.sources.listing import LIST, READ
from changes.sources.pushes import direct_pushes
from tenancy.models import Organization
from ui.refusals import ActionRefused
from ui.screens import DetailScreen, FormScreen, ScreenRequest, screen
from workflow.once import OnceReasonForm, OnceScreen

SHOWN = 10


def address_of(source: ChangeSource, organization: Organization) -> str:
    """Where its webhook delivers."""
    return f"{settings.PLUMBLINE_BASE_URL}/api/hooks/{organization.slug}/{source.pk}"


class SourceDetail(DetailScreen):
    """One source: how it is set up, what it told last, and what went past it."""

    permission = READ
    template_name = "changes/source_detail.html"
    breadcrumbs = (LIST,)
    object: ChangeSource

    def get_queryset(self) -> QuerySet[Any]:
        """With what the page says."""
        return ChangeSource.objects.select_related("directory", "made_by__user").prefetch_related("systems__system")

    def get_title(self) -> str:
        """Its name."""
        return self.object.name

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The setup, the last deliveries and the pushes past every request."""
        source = self.object
        deliveries = source.deliveries.select_related("change")
        pushes = direct_pushes(SourcePush.objects.filter(source=source)).select_related("person").order_by("-received_at")
        return super().get_context_data(
            address=address_of(source, self.request.organization),
            deliveries=deliveries[:SHOWN],
            failed=source.deliveries.filter(outcome="failed").count(),
            pushes=pushes[:SHOWN],
            command=command_of(source),
            is_github=source.provider == Provider.GITHUB,
            may_run=self.request.member.can(RUN),
            **kwargs,
        )


def command_of(source: ChangeSource) -> str:
    """The gh command for its first repository."""
    repository = source.repositories[0].replace("*", "REPOSITORY")
    return (
        f"gh pr list --repo {repository} --state all --limit 1000 --json number --jq '.[].number' |\n"
        f"  xargs -I{{}} gh pr view {{}} --repo {repository} --json {FIELDS} > pull-requests.json"
    )


class SourceCreate(OnceScreen):
    """Add a source."""

    permission = RUN
    form_class = SourceForm
    title = "Add a source of changes"
    breadcrumbs = (LIST,)
    submit_label = "Add the source"
    explain = "Its page then says how the webhook is set up. Nothing is heard before it has a secret."
    success_message = "The source is added. Make its secret now."

    def act(self, form: SourceForm) -> ChangeSource:
        """Add it."""
        return actions.create_source(actor=self.request.member, **form.facts())


class _AboutSource(OnceScreen, abstract=True):
    permission = RUN
    model = ChangeSource
    object: ChangeSource
    verb = ""

    def get_title(self) -> str:
        """What, and which."""
        return f"{self.verb} {self.object.name}"

    def get_breadcrumbs(self) -> Sequence[tuple[str, str]]:
        """Back to the source."""
        return (LIST, (self.object.name, self.object.get_absolute_url()))


class SourceEdit(_AboutSource):
    """Change what belongs to it."""

    form_class = SourceEditForm
    verb = "Change"
    submit_label = "Save"
    explain = "The changes it has made stay as they are."
    success_message = "The source is changed."

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer what it has."""
        return {**super().get_form_kwargs(), "source": self.object}

    def get_initial(self) -> dict[str, Any]:
        """As it is."""
        source = self.object
        plain = {name: getattr(source, name) for name in ("name", "repositories", "branches", "environments", "signed_only")}
        return {**plain, "directory": source.directory_id, "systems": [row.system_id for row in source.systems.all()]}

    def act(self, form: SourceEditForm) -> ChangeSource:
        """Change it."""
        return actions.edit_source(self.object, actor=self.request.member, **form.facts())


class SourceRetire(_AboutSource):
    """Listen to it no more."""

    form_class = OnceReasonForm
    verb = "Retire"
    tone = "danger"
    submit_label = "Retire it"
    explain = "Its deliveries are refused from now on. What it has told stays."
    success_message = "The source is retired."

    def act(self, form: OnceReasonForm) -> ChangeSource:
        """Retire it."""
        actions.retire(self.object, actor=self.request.member, reason=form.cleaned_data["reason"])
        return self.object


@screen(RUN, methods=["POST"])
def restore(request: ScreenRequest, pk: Any) -> HttpResponse:
    """Listen to it again."""
    source = get_object_or_404(ChangeSource, pk=pk)
    actions.restore(source, actor=request.member)
    messages.success(request, "The source is in use again.")
    return redirect(source)


class SourceSecret(FactorScreenMixin, FormScreen):
    """Make a new secret; it is shown on the page that answers, and never again."""

    permission = RUN
    model = ChangeSource
    object: ChangeSource
    form_class = SecretForm
    submit_label = "Make the secret"
    explain = "Whoever knows it can say what GitHub or GitLab would say. It is kept sealed and shown once."

    def get_title(self) -> str:
        """Whose."""
        return f"New secret of {self.object.name}"

    def get_breadcrumbs(self) -> Sequence[tuple[str, str]]:
        """Back to the source."""
        return (LIST, (self.object.name, self.object.get_absolute_url()))

    def form_valid(self, form: Any) -> HttpResponse:
        """Make it and show it."""
        overlap = dt.timedelta(hours=int(form.cleaned_data["overlap"]))
        try:
            text = actions.set_secret(self.object, actor=self.request.member, text=form.cleaned_data["text"], overlap=overlap)
        except ActionRefused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)
            return self.form_invalid(form)
        source = self.object.refreshed()
        context = {**self.frame(), "title": "The new secret", "source": source, "text": text}
        context |= {"address": address_of(source, self.request.organization), "is_github": source.provider == Provider.GITHUB}
        response = render(self.request, "changes/source_secret.html", context)
        response["Cache-Control"] = "private, no-store"
        return response
