"""Resets of second factors: the list, one of them, asking, confirming, refusing and stopping."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from accounts.factors import FactorFormMixin, FactorScreenMixin
from accounts.forms import ConfirmForm, ReasonForm
from accounts.giving import ADMINISTER
from accounts.models import Member
from accounts.permissions import HOME
from audit.exports import RecordsExports
from ui.components import Badge, Tone
from ui.forms import TextArea
from ui.refusals import ActionRefused
from ui.screens import Column, DetailScreen, Empty, Filter, FormScreen, ListScreen, ScreenRequest, screen
from workflow.models import FactorReset
from workflow.resetting import actions, rights
from workflow.screens import TransitionScreen

MEMBERS = ("Members", "members:list")
LIST = ("Resets of second factors", "workflow:reset-list")
_TONES: dict[str, Tone] = {"asked": "warn", "confirmed": "ok", "refused": "bad"}


def state_badge(reset: FactorReset) -> Badge:
    """Its state as a word in a tone; one whose time is over has lapsed, whether or not that is recorded yet."""
    if reset.status == FactorReset.Status.ASKED and not reset.is_open:
        return Badge(FactorReset.Status.LAPSED.label, "muted")
    return Badge(reset.get_status_display(), _TONES.get(reset.status, "muted"))


class AskForm(FactorFormMixin):
    """Why, and how it was made sure who asks."""

    reason = forms.CharField(label="Reason", max_length=500, widget=TextArea(rows=2), help_text="Such as a phone that was lost.")
    identity = forms.CharField(
        label="How you made sure who asks",
        max_length=500,
        widget=TextArea(rows=2),
        help_text="By another way than mail: in person, or by calling back a number that you had before.",
    )


class ResetList(RecordsExports, ListScreen):
    """Whose second factor was to be reset, who asked, and what became of it."""

    permission = "members.read"
    title = LIST[0]
    breadcrumbs = (MEMBERS,)
    lede = "One administrator asks, another one confirms or refuses within a day, and the person may stop it."
    noun = "resets"
    noun_one = "reset"
    columns = (
        Column("member.name", "Whose", sort="member__user__name", link=True),
        Column("status", "State", sort="status", value=state_badge, text=lambda one: str(state_badge(one))),
        Column("reason", "Why", wide=True, hide_below=1000),
        Column("asked_by.name", "Asked by", hide_below=700),
        Column("asked_at", "Asked", sort="asked_at", hide_below=700),
        Column("decided_by.name", "Ended by", hide_below=1000),
    )
    default_order = ("-asked_at",)
    filters = (Filter("state", "State", choices=FactorReset.Status.choices, lookup="status"),)
    search_fields = ("member__user__name", "member__user__email", "reason")
    search_hint = "Name, e-mail or reason"
    empty = Empty("No second factor was to be reset", "It begins on the page of the member who lost theirs.")

    def get_queryset(self) -> QuerySet[FactorReset]:
        """With their people."""
        return rights.visible_to(self.request.member)


class ResetDetail(DetailScreen):
    """One reset."""

    permission = HOME
    template_name = "workflow/reset.html"
    object: FactorReset

    def get_queryset(self) -> QuerySet[Any]:
        """What this member may see."""
        return rights.visible_to(self.request.member)

    def get_breadcrumbs(self) -> Sequence[tuple[str, str]]:
        """Back to the list, for those who may see it."""
        return (MEMBERS, LIST) if self.request.member.can("members.read") else ()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What this member may do, and why not."""
        member, reset = self.request.member, self.object
        return super().get_context_data(
            **kwargs,
            badge=state_badge(reset),
            why_not_decide=rights.why_not_decide(reset, member),
            why_not_confirm=rights.why_not_confirm(reset, member),
            may_stop=rights.may_stop(reset, member),
            is_own=reset.member_id == member.pk,
        )


class ResetAsk(FactorScreenMixin, FormScreen):
    """Ask that the second factor of a member be reset."""

    permission = ADMINISTER
    form_class = AskForm
    template_name = "workflow/reset_ask.html"
    context_object_name = "subject"  # by Django's default it would be `member`, which the frame shows as who is signed in
    submit_label = "Ask for the reset"
    tone = "danger"
    explain = (
        "They are told by mail at once and may stop it. Another administrator confirms or refuses it within a day. Once it is"
        " confirmed, their sessions end and they set up a new authenticator at their next sign-in."
    )
    success_message = "It is asked for. The person and the other administrators are told by mail."
    object: Member

    def get_queryset(self) -> QuerySet[Any]:
        """The table is global, so the organization must be said."""
        return Member.objects.active().of(self.request.organization).select_related("user", "organization")

    def load(self) -> None:
        """Fetch the member."""
        found: Any = self.get_object()
        self.object = found

    def get_title(self) -> str:
        """Whom it is about."""
        return f"Reset the second factor of {self.object.name}"

    def get_breadcrumbs(self) -> Sequence[tuple[str, str]]:
        """Back to the member."""
        return (MEMBERS, (self.object.name, reverse("members:edit", args=[self.object.pk])))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Why it cannot be asked for, if so: there is no form then."""
        return super().get_context_data(**kwargs, why_not=rights.why_not_ask(self.object, self.request.member))

    def act(self, form: AskForm) -> FactorReset:
        """Ask."""
        return actions.ask_reset(self.object, actor=self.request.member, **form.cleaned_data)


class _Decide(FactorScreenMixin, TransitionScreen, abstract=True):
    """A second administrator decides."""

    permission = ADMINISTER
    model = FactorReset
    object: FactorReset

    def get_queryset(self) -> QuerySet[Any]:
        """With their people."""
        return rights.visible_to(self.request.member)

    def get_breadcrumbs(self) -> Sequence[tuple[str, str]]:
        """Back to it."""
        return (MEMBERS, LIST, (self.object.member.name, self.object.get_absolute_url()))


class ResetConfirm(_Decide):
    """Confirm it: the factor is reset."""

    form_class = ConfirmForm
    submit_label = "Reset the second factor"
    tone = "danger"
    explain = (
        "Make sure yourself that it is this person who asks. All their sessions end now, their authenticator, passkeys and"
        " recovery codes are gone, and they set up a new second factor at their next sign-in, after the password."
    )
    success_message = "The second factor was reset. The person is told by mail."

    def get_title(self) -> str:
        """Whose."""
        return f"Reset the second factor of {self.object.member.name}"

    def check(self) -> None:
        """Raise ActionRefused for who may not, and once it is too late."""
        if why := rights.why_not_confirm(self.object, self.request.member):
            raise ActionRefused(why)

    def act(self, form: ConfirmForm) -> FactorReset:
        """Reset it."""
        return actions.confirm_reset(self.object, actor=self.request.member)


class ResetRefuse(_Decide):
    """Refuse it: the factor stays."""

    form_class = ReasonForm
    submit_label = "Refuse it"
    explain = "The second factor stays as it is. The person and whoever asked are told, with your reason."
    success_message = "It is refused. The second factor stays as it is."

    def get_title(self) -> str:
        """Whose."""
        return f"Refuse to reset the second factor of {self.object.member.name}"

    def check(self) -> None:
        """Raise ActionRefused for who may not, and once it is too late."""
        if why := rights.why_not_decide(self.object, self.request.member):
            raise ActionRefused(why)

    def act(self, form: ReasonForm) -> FactorReset:
        """Refuse it."""
        return actions.refuse_reset(self.object, actor=self.request.member, reason=form.cleaned_data["reason"])


@screen(HOME, methods=["POST"])
def stop(request: ScreenRequest, pk: UUID) -> HttpResponse:
    """The person stops it, or whoever asked takes it back."""
    reset = get_object_or_404(rights.visible_to(request.member), pk=pk)
    actions.stop_reset(reset, actor=request.member)
    messages.success(request, "It is stopped. The second factor stays as it is.")
    return redirect(reset)
