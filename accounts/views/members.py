"""Who belongs to the organization, and as what."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.db import models
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from accounts.actions import (
    add_member,
    change_roles,
    end_member_sessions,
    invite_member,
    remove_member,
    reset_factor,
    revoke_invitation,
    set_access_end,
)
from accounts.factors import FactorScreenMixin
from accounts.forms import AccessForm, InviteForm, ReasonForm
from accounts.models import Invitation, Member, TotpDevice
from accounts.models.member import ENDED
from accounts.roles import ROLE_CHOICES, ROLES
from audit.exports import RecordsExports
from ui.components import Badge
from ui.screens import Column, Empty, Filter, FormScreen, ListScreen, ScreenRequest, screen

CRUMBS = (("Members", "members:list"),)


def _state(member: Member) -> Badge:
    if member.is_active:
        return Badge("Active", "ok")
    return Badge("Ended", "warn") if member.has_ended else Badge("Removed", "muted")


def _state_in_words(member: Member) -> str:
    until = f", until {member.access_ends_on}" if member.access_ends_on else ""
    return f"{_state(member)}{until}"


_STATES = {
    "active": models.Q(status="active") & ~ENDED,
    "ended": models.Q(status="active") & ENDED,
    "removed": models.Q(status="removed"),
}


class MemberList(RecordsExports, ListScreen):
    """Everybody with an account here, and the open invitations."""

    permission = "members.read"
    template_name = "accounts/member_list.html"
    title = "Members"
    noun = "members"
    noun_one = "member"
    lede = "Who can sign in to this organization, and as what."
    columns = (
        Column("name", "Name", sort="user__name", link=True),
        Column("email", "E-mail", sort="user__email"),
        Column("role_names", "Roles", value=lambda member: ", ".join(member.role_names)),
        Column(
            "state",
            "State",
            value=_state,
            template="accounts/cells/state.html",
            text=_state_in_words,
            sort=("status", "access_ends_on"),
        ),
        Column("has_factor", "Second factor", hide_below=1000),
        Column("user.last_sign_in_at", "Last sign-in", sort="user__last_sign_in_at", hide_below=1000),
        Column("created_at", "Since", sort="created_at", hide_below=1300),
    )
    default_order = ("user__name",)
    filters = (
        Filter("status", "State", choices=[("active", "Active"), ("ended", "Ended"), ("removed", "Removed")], where=_STATES),
        Filter("role", "Role", choices=ROLE_CHOICES, where={key: models.Q(roles__contains=[key]) for key in ROLES}),
    )
    search_fields = ("user__name", "user__email")
    search_hint = "Name or e-mail"
    empty = Empty("No members yet", "Invite the people who take part in reviews.", action=("Invite somebody", "members:invite"))
    primary_action = ("Invite somebody", "members:invite", "members.admin")

    def get_queryset(self) -> models.QuerySet[Any]:
        """The table is global, so the organization must be said."""
        factors = TotpDevice.objects.filter(user=models.OuterRef("user"), confirmed=True)
        return Member.objects.of(self.request.organization).annotate(has_factor=models.Exists(factors))

    def row_url(self, obj: Member) -> str:
        """Those who administer go to the roles, or to the way back of those who were removed."""
        if not self.request.member.can("members.admin"):
            return ""
        return reverse("members:restore" if obj.status == Member.Status.REMOVED else "members:edit", args=[obj.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the open invitations."""
        invitations = Invitation.objects.filter(status=Invitation.Status.OPEN)
        may_administer = self.request.member.can("members.admin")
        return super().get_context_data(invitations=invitations, may_administer=may_administer, **kwargs)


class MemberInvite(FactorScreenMixin, FormScreen):
    """Invite somebody by mail."""

    permission = "members.admin"
    form_class = InviteForm
    title = "Invite somebody"
    breadcrumbs = CRUMBS
    submit_label = "Send the invitation"
    explain = "They get a link that works once, for seven days, and set their own password and authenticator."
    success_message = "The invitation is written. Where no mail server is set, it waits under Mail, for you to hand on."

    def act(self, form: InviteForm) -> str:
        """Invite."""
        invite_member(actor=self.request.member, **form.cleaned_data)
        return reverse("members:list")


class _MemberForm(FactorScreenMixin, FormScreen, abstract=True):
    """A form about one member of this organization who was not removed."""

    about = Member.Status.ACTIVE

    breadcrumbs = CRUMBS
    context_object_name = "subject"  # by Django's default it would be `member`, which the frame shows as who is signed in

    def get_queryset(self) -> models.QuerySet[Any]:
        """The table is global, so the organization must be said."""
        return Member.objects.of(self.request.organization).filter(status=self.about)

    def load(self) -> None:
        """Fetch the member."""
        if self.object is None:
            self.object = self.get_object()

    def keep_own_session(self) -> None:
        """Changing one's own rights ends one's other sessions, but not the one at hand."""
        if self.object.user_id == self.request.user.pk:
            update_session_auth_hash(self.request, self.object.user)


class MemberEdit(_MemberForm):
    """What one member may do, and until when."""

    permission = "members.admin"
    template_name = "accounts/member_edit.html"
    form_class = AccessForm
    submit_label = "Save"
    explain = "Other roles end the member's sessions, so that none outlives the roles it began with."
    success_message = "The member was changed."

    def get_title(self) -> str:
        """The person."""
        return str(self.object.name)

    def get_initial(self) -> dict[str, Any]:
        """As it is."""
        return {"roles": self.object.roles, "access_ends_on": self.object.access_ends_on}

    def act(self, form: AccessForm) -> str:
        """Change what is different."""
        actor, roles, end = self.request.member, form.cleaned_data["roles"], form.cleaned_data["access_ends_on"]
        if end != self.object.access_ends_on:
            set_access_end(self.object, access_ends_on=end, actor=actor)
        if set(roles) != set(self.object.roles):
            change_roles(self.object, roles=roles, actor=actor)
            self.keep_own_session()
        return reverse("members:list")


class MemberRestore(_MemberForm):
    """Let somebody back in who was removed."""

    permission = "members.admin"
    about = Member.Status.REMOVED
    form_class = AccessForm
    submit_label = "Let them back in"
    explain = "They sign in with the password and the authenticator they had."
    success_message = "They are a member again."

    def get_title(self) -> str:
        """Whom it is about."""
        return f"Let {self.object.name} back in"

    def get_initial(self) -> dict[str, Any]:
        """The roles as they were."""
        return {"roles": self.object.roles}

    def act(self, form: AccessForm) -> str:
        """Make them a member again."""
        add_member(self.object.user, actor=self.request.member, **form.cleaned_data)
        return reverse("members:list")


class MemberRemove(_MemberForm):
    """End a membership."""

    permission = "members.admin"
    form_class = ReasonForm
    submit_label = "Remove"
    explain = "Their sessions end and they can no longer enter this organization. What they did stays in the audit trail."
    tone = "danger"
    success_message = "The member was removed."

    def get_title(self) -> str:
        """Whom it is about."""
        return f"Remove {self.object.name}"

    def act(self, form: ReasonForm) -> str:
        """Remove."""
        remove_member(self.object, actor=self.request.member, reason=form.cleaned_data["reason"])
        return reverse("members:list")


class FactorReset(_MemberForm):
    """Forget a person's authenticator."""

    permission = "members.admin"
    form_class = ReasonForm
    submit_label = "Reset the factor"
    tone = "danger"
    success_message = "The second factor was reset. They set up a new one at their next sign-in."
    explain = "Make sure, by another way than mail, that it is really this person who asks. Their sessions end at once."

    def get_title(self) -> str:
        """Whom it is about."""
        return f"Reset the second factor of {self.object.name}"

    def act(self, form: ReasonForm) -> str:
        """Reset."""
        reset_factor(self.object, actor=self.request.member, reason=form.cleaned_data["reason"])
        return reverse("members:list")


class SessionsEnd(_MemberForm):
    """Sign a member out everywhere."""

    permission = "members.admin"
    form_class = ReasonForm
    submit_label = "End the sessions"
    tone = "danger"
    success_message = "The sessions have ended."
    explain = (
        "They are signed out everywhere at their next page, also of other organizations, and may sign in again. Tokens of the API"
        " go on working. To keep somebody out, remove them or end their access."
    )

    def get_title(self) -> str:
        """Whose."""
        return f"End the sessions of {self.object.name}"

    def act(self, form: ReasonForm) -> str:
        """End them."""
        end_member_sessions(self.object, actor=self.request.member, reason=form.cleaned_data["reason"])
        return reverse("members:list")


@screen("members.admin", methods=["POST"])
def revoke(request: ScreenRequest, pk: UUID) -> HttpResponse:
    """Take an invitation back."""
    revoke_invitation(get_object_or_404(Invitation, pk=pk), actor=request.member)
    messages.success(request, "The invitation was revoked.")
    return redirect("members:list")
