"""Who belongs to the organization, and as what."""

from collections.abc import Sequence
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
    revoke_invitation,
    set_access_end,
    set_limits,
)
from accounts.conflicts import standing, standing_of
from accounts.factors import FactorScreenMixin
from accounts.forms import ReasonForm
from accounts.giving import APPOINT
from accounts.models import CustomRole, Invitation, Member
from accounts.models.member import ENDED
from accounts.models.passkey import has_own_factor
from accounts.notices import notices_of
from accounts.role_forms import AccessForm, InviteForm
from accounts.roles import AUDITOR, ROLE_CHOICES
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


def _offered(_screen: Any) -> list[tuple[str, str]]:
    """The built-in roles and the organization's own, retired ones too."""
    return [*ROLE_CHOICES, *CustomRole.objects.order_by("name").values_list("key", "name")]


class RoleFilter(Filter):
    """Those who have a role."""

    def condition(self, value: str) -> models.Q:
        """Whatever else they have."""
        return models.Q(roles__contains=[value])


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
        Column("limits", "Limited to", value=lambda member: str(member.limits), hide_below=1000),
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
        RoleFilter("role", "Role", choices=_offered),
    )
    search_fields = ("user__name", "user__email")
    search_hint = "Name or e-mail"
    empty = Empty("No members yet", "Invite the people who take part in reviews.", action=("Invite somebody", "members:invite"))
    primary_action = ("Invite somebody", "members:invite", APPOINT)

    def get_queryset(self) -> models.QuerySet[Any]:
        """The table is global, so the organization must be said."""
        shown = models.ExpressionWrapper(has_own_factor(models.OuterRef("user")), output_field=models.BooleanField())
        return Member.objects.of(self.request.organization).annotate(has_factor=shown)

    def row_url(self, obj: Member) -> str:
        """Those who give roles go to them, or to the way back of those who were removed; others to what somebody may do."""
        member = self.request.member
        if obj.status == Member.Status.REMOVED:
            return reverse("members:restore", args=[obj.pk]) if member.can("members.admin") else ""
        return reverse("members:edit" if member.can(APPOINT) else "members:rights", args=[obj.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the open invitations."""
        invitations = Invitation.objects.filter(status=Invitation.Status.OPEN)
        member = self.request.member
        conflicts = [one for one in standing(self.request.organization) if one.is_open]
        return super().get_context_data(
            invitations=invitations,
            may_administer=member.can("members.admin"),
            may_appoint=member.can(APPOINT),
            conflicts=len(conflicts),
            **kwargs,
        )


class MemberInvite(FactorScreenMixin, FormScreen):
    """Invite somebody by mail."""

    permission = APPOINT
    form_class = InviteForm
    title = "Invite somebody"
    breadcrumbs = CRUMBS
    submit_label = "Send the invitation"
    explain = "They get a link that works once, for seven days, and set their own password and second factor."
    success_message = "The invitation is written. Where no mail server is set, it waits under Mail, for you to hand on."

    def act(self, form: InviteForm) -> str:
        """Invite."""
        invite_member(actor=self.request.member, **form.cleaned_data)
        return reverse("members:list")


class MemberForm(FactorScreenMixin, FormScreen, abstract=True):
    """A form about one member of this organization who was not removed."""

    about = Member.Status.ACTIVE

    breadcrumbs: Sequence[tuple[str, str]] = CRUMBS
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


class MemberEdit(MemberForm):
    """What one member may do, and until when."""

    permission = APPOINT
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
        return {
            "roles": self.object.roles,
            "is_service": self.object.user.is_service,
            "access_ends_on": self.object.access_ends_on,
            "audit_period": self.object.audit_period_id,
            "areas": self.object.areas,
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With what the areas above say of the person, what conflicts now, and what this person may do about them."""
        about = {"notices": notices_of(self.object), "conflicts": standing_of(self.object)}
        about["may_administer"] = administers = self.request.member.can("members.admin")
        about["may_look"] = administers and self.object.only_audits and self.object.is_active
        return super().get_context_data(**about, **kwargs)

    def act(self, form: AccessForm) -> str:
        """Change what is different. Whoever gets another role is limited no more before that, or only after it."""
        actor, roles, end = self.request.member, form.cleaned_data["roles"], form.cleaned_data["access_ends_on"]
        if end != self.object.access_ends_on:
            set_access_end(self.object, access_ends_on=end, actor=actor)
        steps = [self._change_roles, self._limit]
        with form.asking():
            for step in steps if roles == [AUDITOR] else reversed(steps):
                step(form.cleaned_data)
        return reverse("members:list")

    def _change_roles(self, given: dict[str, Any]) -> None:
        if set(given["roles"]) != set(self.object.roles):
            change_roles(self.object, roles=given["roles"], actor=self.request.member, answer=given["answer"])
            self.keep_own_session()

    def _limit(self, given: dict[str, Any]) -> None:
        limits = {"areas": given["areas"], "audit_period": given["audit_period"]}
        if (set(limits["areas"]), limits["audit_period"]) != (set(self.object.areas), self.object.audit_period_id):
            set_limits(self.object, actor=self.request.member, **limits)


class MemberRestore(MemberForm):
    """Let somebody back in who was removed."""

    permission = "members.admin"
    about = Member.Status.REMOVED
    form_class = AccessForm
    submit_label = "Let them back in"
    explain = "They sign in with the password and the second factor they had."
    success_message = "They are a member again."

    def get_title(self) -> str:
        """Whom it is about."""
        return f"Let {self.object.name} back in"

    def get_initial(self) -> dict[str, Any]:
        """The roles and limits as they were."""
        subject = self.object
        kept = {"roles": subject.roles, "is_service": subject.user.is_service}
        return {**kept, "audit_period": subject.audit_period_id, "areas": subject.areas}

    def act(self, form: AccessForm) -> str:
        """Make them a member again."""
        with form.asking():
            add_member(self.object.user, actor=self.request.member, **form.cleaned_data)
        return reverse("members:list")


class MemberRemove(MemberForm):
    """End a membership."""

    permission = "members.admin"
    form_class = ReasonForm
    submit_label = "Remove"
    explain = (
        "Their sessions end and they can no longer enter this organization. Invitations of theirs that nobody has answered yet"
        " are revoked. What they did stays in the audit trail."
    )
    tone = "danger"
    success_message = "The member was removed."

    def get_title(self) -> str:
        """Whom it is about."""
        return f"Remove {self.object.name}"

    def act(self, form: ReasonForm) -> str:
        """Remove."""
        remove_member(self.object, actor=self.request.member, reason=form.cleaned_data["reason"])
        return reverse("members:list")


class SessionsEnd(MemberForm):
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


@screen(APPOINT, methods=["POST"])
def revoke(request: ScreenRequest, pk: UUID) -> HttpResponse:
    """Take an invitation back."""
    revoke_invitation(get_object_or_404(Invitation, pk=pk), actor=request.member)
    messages.success(request, "The invitation was revoked.")
    return redirect("members:list")
