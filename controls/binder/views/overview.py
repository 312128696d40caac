"""The binder's first page: the checklist, the eight rules, the seven kinds of documentation."""

from collections.abc import Sequence
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.views.generic import TemplateView

from controls.binder import forms
from controls.binder.documents import Presence, shelves_of
from controls.binder.reading import readiness_of
from controls.binder.waiving import waive, withdraw_waiver
from controls.library.checklist import CHECKLIST
from controls.models import AuditPeriod, ChecklistWaiver
from controls.periods.current import period_of
from ui.screens.base import Screen
from workflow.once import OnceScreen
from workflow.screens import TransitionScreen

CRUMB = ("Binder", "controls:binder")


def tabs() -> Sequence[tuple[str, str, int | None]]:
    """The pages of the binder."""
    pages = (
        ("Readiness", "controls:binder"),
        ("System description", "controls:description"),
        ("Review", "controls:binder-review"),
    )
    return [(label, reverse(name), None) for label, name in pages]


class Binder(Screen, TemplateView):
    """What an auditor opens first."""

    permission = "controls.read"
    title = "Audit binder"
    template_name = "controls/binder.html"

    def get_tabs(self) -> Sequence[tuple[str, str, int | None]]:
        """Its other pages."""
        return tabs()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Both lists and the shelves, or why there are none."""
        period = period_of(self.request)
        context = {**self.frame(), "period": period, **kwargs}
        if period is None:
            return super().get_context_data(**context)
        day = min(self.request.organization.today(), period.ends_on)
        shelves = shelves_of(period, day)
        there = sum(shelf.presence == Presence.PRESENT for shelf in shelves)
        may_write = self.request.member.can("controls.write") and period.status == AuditPeriod.Status.OPEN
        return super().get_context_data(
            **context, readiness=readiness_of(period, day), shelves=shelves, there=there, may_write=may_write
        )


class Waive(OnceScreen):
    """Say that a line of the checklist does not apply."""

    permission = "controls.write"
    model = AuditPeriod
    form_class = forms.ReasonForm
    submit_label = "Set as not applicable"
    explain = "It leaves the figure, with your name, the day and the reason beside it. Nothing else can be set by hand here."
    success_message = "It is set as not applicable."
    breadcrumbs = (CRUMB,)
    object: AuditPeriod

    def load(self) -> None:
        """Only a line of the checklist."""
        super().load()
        if self.kwargs["item"] not in CHECKLIST:
            raise Http404

    def get_title(self) -> str:
        """Which line."""
        return f"Not applicable: {CHECKLIST[self.kwargs['item']].text}"

    def act(self, form: forms.ReasonForm) -> ChecklistWaiver:
        """Set it."""
        return waive(self.object, self.kwargs["item"], actor=self.request.member, **form.cleaned_data)


class WaiverWithdraw(TransitionScreen, OnceScreen):
    """Say that it applies after all."""

    permission = "controls.write"
    queryset = ChecklistWaiver.objects.select_related("period")
    transition = ChecklistWaiver.WITHDRAW
    form_class = forms.ReasonForm
    submit_label = "It applies"
    success_message = "It applies again."
    breadcrumbs = (CRUMB,)
    object: ChecklistWaiver

    def get_title(self) -> str:
        """Which line."""
        return f"It applies after all: {CHECKLIST[self.object.item].text}"

    def act(self, form: forms.ReasonForm) -> ChecklistWaiver:
        """Take it back."""
        withdraw_waiver(self.object, actor=self.request.member, **form.cleaned_data)
        return self.object
