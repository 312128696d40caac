"""Screens of one policy."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from controls.criteria import CRITERIA
from policies.holding import under_way
from policies.models import Policy, PolicyVersion
from policies.publishing.actions import confirm_review, restore_policy, retire_policy
from policies.register import forms
from policies.register.actions import create_policy, edit_policy
from policies.register.listing import standing, with_versions
from policies.rights import ACKNOWLEDGE, EVERYBODY, READ, WRITE, may_write, versions_visible_to, visible_to
from ui.markdown import render
from ui.screens import DetailScreen, ScreenRequest, screen
from workflow.once import OnceScreen
from workflow.screens import TransitionScreen

LIST = ("Policies", "policies:list")
Status = PolicyVersion.Status
_UNDER_WAY = {Status.DRAFT, Status.IN_REVIEW, Status.APPROVED}


class PolicyDetail(DetailScreen):
    """One policy: what holds, its versions, what it documents."""

    permission = EVERYBODY
    template_name = "policies/policy_detail.html"
    breadcrumbs = (LIST,)
    object: Any

    def get_queryset(self) -> QuerySet[Any]:
        """What this member may see."""
        return with_versions(visible_to(self.request.member))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What is in force whole, the others by name."""
        policy, member, today = self.object, self.request.member, self.request.organization.today()
        versions = list(versions_visible_to(member).filter(policy=policy).order_by("-number"))
        in_force = next((one for one in versions if one.status == Status.PUBLISHED), None)
        under_way = next((one for one in versions if one.status in _UNDER_WAY), None)
        writes = may_write(member, policy) and policy.status == Policy.Status.ACTIVE
        return super().get_context_data(
            standing=standing(policy, today),
            is_overdue=policy.is_overdue(today),
            versions=versions,
            in_force=in_force,
            under_way=under_way,
            html=render(in_force.text) if in_force and in_force.is_written else "",
            criteria=[CRITERIA[key] for key in policy.criteria],
            controls=[row.control for row in policy.documents.select_related("control").order_by("control__code")],
            reads_all=member.can(READ),
            may_read_controls=member.can("controls.read"),
            may_begin=writes and under_way is None,
            may_review=writes and in_force is not None and under_way is None,
            may_edit=member.can(WRITE) and policy.status == Policy.Status.ACTIVE,
            may_ask_exception=member.can(ACKNOWLEDGE) and in_force is not None,
            may_restore=member.can(WRITE) and policy.status == Policy.Status.RETIRED,
            **kwargs,
        )


class PolicyCreate(OnceScreen):
    """Set up a policy."""

    permission = WRITE
    form_class = forms.NewPolicyForm
    title = "Write a policy"
    breadcrumbs = (LIST,)
    submit_label = "Set it up"
    explain = "What it says is written on the next page, or comes from a file."

    def act(self, form: forms.NewPolicyForm) -> str:
        """Set it up, and write on: by an address that names the policy, as the API looks for what was made."""
        return reverse("policies:draft", args=[create_policy(actor=self.request.member, **form.facts()).pk])


@screen(EVERYBODY)
def draft(request: ScreenRequest, pk: UUID) -> HttpResponse:
    """Leads to where its version under way is written; to the policy where there is none, or it is not written on any more."""
    policy = get_object_or_404(visible_to(request.member), pk=pk)
    version = under_way(policy)
    if version is None or version.status != Status.DRAFT or not may_write(request.member, policy):
        return redirect(policy)
    return redirect("policies:version-write" if version.is_written else "policies:version-upload", version.pk)


class AboutPolicy(OnceScreen, abstract=True):
    """A form about one policy, for those who may write on it."""

    permission = EVERYBODY
    model = Policy
    object: Policy
    verb = ""

    def get_queryset(self) -> QuerySet[Any]:
        """What this member may see."""
        return visible_to(self.request.member)

    def load(self) -> None:
        """Those without the right see no form. Raises PermissionDenied."""
        super().load()
        if not self.allowed():
            raise PermissionDenied

    def allowed(self) -> bool:
        """Its owner, and those who write policies."""
        return may_write(self.request.member, self.object)

    def get_title(self) -> str:
        """What, and to which."""
        return f"{self.verb} “{self.object}”"

    def get_breadcrumbs(self) -> Sequence[tuple[str, str]]:
        """Back to the policy."""
        return (LIST, (self.object.title, self.object.get_absolute_url()))


class PolicyEdit(AboutPolicy):
    """Change whose it is, how it is kept, and what it documents."""

    permission = WRITE
    form_class = forms.PolicyForm
    verb = "Settings of"
    explain = "What it says is changed by a new version."
    success_message = "It is kept."

    def get_form_kwargs(self) -> dict[str, Any]:
        """With what it has."""
        return {**super().get_form_kwargs(), "policy": self.object}

    def get_initial(self) -> dict[str, Any]:
        """As it is."""
        chosen = {name: getattr(self.object, name) for name in forms.CHOSEN}
        return {**chosen, "controls": list(self.object.documents.values_list("control_id", flat=True))}

    def act(self, form: forms.PolicyForm) -> Policy:
        """Change it."""
        return edit_policy(self.object, actor=self.request.member, **form.facts())


class PolicyReview(AboutPolicy):
    """Say that it was looked at and stays."""

    form_class = forms.ReviewForm
    verb = "Review"
    submit_label = "It stays as it is"
    explain = "Where something has changed, begin a new version instead."
    success_message = "The review is kept, and the next one has its day."

    def act(self, form: forms.ReviewForm) -> Policy:
        """Keep the review."""
        return confirm_review(self.object, actor=self.request.member, **form.cleaned_data)


class PolicyRetire(TransitionScreen, AboutPolicy):
    """End it."""

    permission = WRITE
    transition = Policy.RETIRE
    form_class = forms.RetireForm
    verb = "Retire"
    submit_label = "Retire it"
    tone = "danger"
    explain = "It holds no more from today, and what is under way is not finished. Its versions stay to be read."
    success_message = "It is retired."

    def act(self, form: forms.RetireForm) -> Policy:
        """End it."""
        return retire_policy(self.object, actor=self.request.member, **form.cleaned_data)


class PolicyRestore(TransitionScreen, AboutPolicy):
    """Use it again."""

    permission = WRITE
    transition = Policy.RESTORE
    form_class = forms.RestoreForm
    verb = "Put back into use"
    submit_label = "Put it back"
    explain = "Nothing of it is in force until another version is approved and published."
    success_message = "It is in use again."

    def act(self, form: forms.RestoreForm) -> Policy:
        """Use it again."""
        return restore_policy(self.object, actor=self.request.member, **form.cleaned_data)
