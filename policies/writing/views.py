"""Screens of a version: reading it, and moving it on."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet

from policies.models import Policy, PolicyVersion
from policies.printing.tasks import JOB_KIND, ask_pdf, paper_of
from policies.publishing.actions import publish_version
from policies.register.views import LIST, AboutPolicy
from policies.rights import (
    APPROVE,
    EVERYBODY,
    READ,
    WRITE,
    is_involved,
    may_write,
    versions_visible_to,
)
from policies.writing import actions, approving, forms
from policies.writing.content import digest
from ui import markdown
from ui.screens import DetailScreen
from workflow.models import Job
from workflow.once import OnceScreen

Status = PolicyVersion.Status


class VersionDetail(DetailScreen):
    """A version as it is read by whoever approves it, and by whoever keeps to it."""

    permission = EVERYBODY
    template_name = "policies/version_detail.html"
    object: PolicyVersion

    def get_queryset(self) -> QuerySet[Any]:
        """What this member may see."""
        return versions_visible_to(self.request.member).select_related(
            "submitted_by__user", "returned_by__user", "published_by__user"
        )

    def get_breadcrumbs(self) -> Sequence[tuple[str, str]]:
        """Back to the policy."""
        return (LIST, (self.object.policy.title, self.object.policy.get_absolute_url()))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What it says, who approved it, what is next and what this member may do."""
        version, member = self.object, self.request.member
        writes = may_write(member, version.policy) and version.policy.status == Policy.Status.ACTIVE
        reads_all = member.can(READ)
        said = version.approvals.select_related("approver__user", "recorded_by__user", "minutes")
        approvals = [one for one in said if reads_all or one.status == "given"]
        given = [one for one in approvals if one.status == "given"]
        has_said = any(one.approver_id == member.pk for one in given)
        in_review, involved = version.status == Status.IN_REVIEW, is_involved(member, version)
        return super().get_context_data(
            html=markdown.render(version.text) if version.is_written else "",
            approvals=approvals,
            given=len(given),
            before=_before(version, member),
            lacking=actions.incomplete(version) if version.status == Status.DRAFT else [],
            is_intact=not version.content_hash or version.content_hash == digest(version),
            is_involved=involved,
            reads_all=reads_all,
            may_write=writes and version.status == Status.DRAFT,
            may_discard=writes and version.status == Status.DRAFT and version.number > 1 and not approvals,
            may_withdraw=writes and version.status in {Status.IN_REVIEW, Status.APPROVED},
            may_approve=in_review and member.can(APPROVE) and not involved and not has_said,
            may_publish=version.status == Status.APPROVED and member.can(WRITE),
            paper=paper_of(version),
            pdf_job=Job.objects.filter(subject_id=version.pk, kind=JOB_KIND).order_by("-created_at").first(),
            **kwargs,
        )


def _before(version: PolicyVersion, member: Any) -> PolicyVersion | None:
    """The version that this one is compared with: the one before it, where the member sees that."""
    earlier = versions_visible_to(member).filter(policy=version.policy_id, number__lt=version.number)
    return earlier.order_by("-number").first()


class VersionBegin(AboutPolicy):
    """Begin the next version."""

    form_class = forms.NothingForm
    verb = "Begin the next version of"
    submit_label = "Begin"
    explain = "It begins with what the last one says. What is in force stays in force until the new one takes its place."

    def act(self, form: forms.NothingForm) -> str:
        """Begin it, and write on."""
        version = actions.begin_version(self.object, actor=self.request.member)
        return f"{version.get_absolute_url()}{'write' if version.is_written else 'upload'}/"


class AboutVersion(OnceScreen, abstract=True):
    """A form about one version."""

    permission = EVERYBODY
    model = PolicyVersion
    object: PolicyVersion
    verb = ""

    def get_queryset(self) -> QuerySet[Any]:
        """What this member may see."""
        return versions_visible_to(self.request.member)

    def load(self) -> None:
        """Those without the right see no form. Raises PermissionDenied."""
        super().load()
        if not self.allowed():
            raise PermissionDenied

    def allowed(self) -> bool:
        """The owner of the policy, and those who write policies."""
        return may_write(self.request.member, self.object.policy)

    def get_title(self) -> str:
        """What, and to which."""
        return f"{self.verb} “{self.object}”"

    def get_breadcrumbs(self) -> Sequence[tuple[str, str]]:
        """Back to the version."""
        policy = self.object.policy
        here = (f"Version {self.object.number}", self.object.get_absolute_url())
        return (LIST, (policy.title, policy.get_absolute_url()), here)


class VersionWrite(AboutVersion):
    """Write on a draft."""

    form_class = forms.WriteForm
    template_name = "policies/version_write.html"
    verb = "Write"
    submit_label = "Keep it"
    success_message = "It is kept."

    def get_initial(self) -> dict[str, Any]:
        """As it is."""
        return {name: getattr(self.object, name) for name in ("title", "text", "change_note", "material")}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the text as it looks."""
        context = super().get_context_data(**kwargs)
        return {**context, "html": markdown.render(context["form"]["text"].value() or "")}

    def act(self, form: forms.WriteForm) -> PolicyVersion:
        """Keep it."""
        return actions.write_version(self.object, actor=self.request.member, **form.cleaned_data)


class VersionUpload(AboutVersion):
    """Put a document in the place of the text."""

    form_class = forms.UploadForm
    verb = "Upload"
    submit_label = "Keep it"
    explain = "It takes the place of the text, and is kept byte for byte."
    success_message = "The document is kept."

    def get_initial(self) -> dict[str, Any]:
        """As it is."""
        return {name: getattr(self.object, name) for name in ("title", "change_note", "material")}

    def act(self, form: forms.UploadForm) -> PolicyVersion:
        """Keep it."""
        given = dict(form.cleaned_data)
        return actions.write_version(self.object, actor=self.request.member, upload=given.pop("file"), **given)


class VersionSubmit(AboutVersion):
    """Put it before those who approve."""

    form_class = forms.NothingForm
    verb = "Submit"
    submit_label = "Submit it"
    explain = "What it says is bound under a hash and cannot be written on any more. Those who may approve it are told."
    success_message = "It waits for approval."

    def act(self, form: forms.NothingForm) -> PolicyVersion:
        """Submit it."""
        return actions.submit_version(self.object, actor=self.request.member)


class VersionWithdraw(AboutVersion):
    """Take it back to write on."""

    form_class = forms.NothingForm
    verb = "Take back"
    submit_label = "Take it back"
    explain = "It becomes a draft again, and the approvals it has end."
    success_message = "It is a draft again."

    def act(self, form: forms.NothingForm) -> PolicyVersion:
        """Take it back."""
        return actions.withdraw_version(self.object, actor=self.request.member)


class VersionDiscard(AboutVersion):
    """Throw a draft away."""

    form_class = forms.NothingForm
    verb = "Discard"
    submit_label = "Discard it"
    tone = "danger"
    explain = "The draft is gone; the trail keeps that there was one. What is in force stays."
    success_message = "The draft is gone."

    def act(self, form: forms.NothingForm) -> Policy:
        """Throw it away."""
        policy: Policy = self.object.policy
        actions.discard_version(self.object, actor=self.request.member)
        return policy


class _Judges(AboutVersion, abstract=True):
    """For those who approve."""

    permission = APPROVE

    def allowed(self) -> bool:
        """Whoever may see it: the action says why not, as it depends on who wrote it."""
        return True


class VersionApprove(_Judges):
    """Approve what was seen."""

    form_class = forms.ApproveForm
    verb = "Approve"
    submit_label = "Approve it"
    explain = "Your name stands on what it says from now on."
    success_message = "Your approval is kept."

    def get_initial(self) -> dict[str, Any]:
        """What the page showed from which this was opened."""
        return {"content_hash": self.request.GET.get("sha256") or self.object.content_hash}

    def act(self, form: forms.ApproveForm) -> PolicyVersion:
        """Approve it."""
        approving.approve_version(self.object, actor=self.request.member, **form.cleaned_data)
        return self.object


class VersionReturn(_Judges):
    """Give it back with what is missing."""

    form_class = forms.ReturnForm
    verb = "Return"
    submit_label = "Return it"
    explain = "It becomes a draft again, and what others said of it ends."
    success_message = "Whoever wrote it is told."

    def act(self, form: forms.ReturnForm) -> PolicyVersion:
        """Return it."""
        return approving.return_version(self.object, actor=self.request.member, **form.cleaned_data)


class VersionPublish(AboutVersion):
    """Choose from when it holds."""

    permission = WRITE
    form_class = forms.PublishForm
    verb = "Publish"
    submit_label = "Publish it"
    explain = "It takes the place of the version that is in force now."

    def allowed(self) -> bool:
        """Those who write policies."""
        return True

    def get_initial(self) -> dict[str, Any]:
        """Today, or the day that was chosen."""
        return {"effective_on": self.object.effective_on or self.request.organization.today()}

    def act(self, form: forms.PublishForm) -> PolicyVersion:
        """Publish it and have it printed, or have it publish itself."""
        member = self.request.member
        version = publish_version(self.object, actor=member, **form.cleaned_data)
        if version.status == Status.PUBLISHED and version.is_written:
            ask_pdf(version, actor=member)
        return version
