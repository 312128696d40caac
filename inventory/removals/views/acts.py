"""Forms about one removal: claim, take back, accept, hand on."""

from typing import Any

from django.db.models import QuerySet

from evidence.files import store
from inventory.models import Removal
from inventory.removals import actions, forms
from inventory.removals.rights import may_work, visible_to
from inventory.removals.views.removals import CRUMBS, EVERYBODY
from ui.forms import ReasonForm
from workflow.screens import TransitionScreen


class _RemovalForm(TransitionScreen, abstract=True):
    """A form about one removal that the member may see."""

    permission = EVERYBODY
    model = Removal
    breadcrumbs = CRUMBS
    object: Removal
    verb = ""

    def get_queryset(self) -> QuerySet[Any]:
        """What this member may see."""
        return visible_to(self.request.member)

    def allowed(self) -> bool:
        """Whether this member may do it to this removal."""
        return may_work(self.request.member, self.object)

    def get_title(self) -> str:
        """What, and to which."""
        return f"{self.verb} {self.object.reference}"


class RemovalClaim(_RemovalForm):
    """Claim it done."""

    transition = Removal.CLAIM
    form_class = forms.ClaimForm
    verb = "Claim done:"
    submit_label = "Claim it done"
    explain = "Say that it was done at the source. It counts as removed only when a later full export shows it."
    success_message = "It is claimed done. The next full export shows whether the access is gone."

    def act(self, form: forms.ClaimForm) -> Removal:
        """Claim it."""
        upload = form.cleaned_data["file"]
        file = store(upload, upload.name) if upload else None
        actions.claim(self.object, actor=self.request.member, note=form.cleaned_data["note"], file=file)
        return self.object


class RemovalUnclaim(_RemovalForm):
    """Take the claim back."""

    transition = Removal.UNCLAIM
    form_class = ReasonForm
    verb = "Take back the claim of"
    submit_label = "Take it back"
    success_message = "The claim was taken back."

    def act(self, form: ReasonForm) -> Removal:
        """Take it back."""
        actions.unclaim(self.object, actor=self.request.member, reason=form.cleaned_data["reason"])
        return self.object


class RemovalAccept(_RemovalForm):
    """Accept by name that access stays."""

    transition = Removal.ACCEPT
    form_class = forms.AcceptForm
    verb = "Accept"
    submit_label = "Accept under my name"
    tone = "danger"
    explain = (
        "The access stays, under your name, for this reason and until this day. An auditor sees it as an accepted exception."
    )
    success_message = "It is accepted under your name."

    def allowed(self) -> bool:
        """By role only."""
        allowed: bool = self.request.member.can("removals.accept")
        return allowed

    def act(self, form: forms.AcceptForm) -> Removal:
        """Accept it."""
        actions.accept(self.object, actor=self.request.member, **form.cleaned_data)
        return self.object


class RemovalReassign(_RemovalForm):
    """Hand it on."""

    form_class = forms.ReassignForm
    verb = "Reassign"
    submit_label = "Reassign"
    success_message = "It is with somebody else now."

    def check(self) -> None:
        """Only what is open is with anybody."""
        actions.refuse_over(self.object)

    def act(self, form: forms.ReassignForm) -> str:
        """Hand it on; who gave their only right away goes back to the list."""
        actions.reassign(self.object, actor=self.request.member, **form.cleaned_data)
        seen = visible_to(self.request.member).filter(pk=self.object.pk).exists()
        return self.object.get_absolute_url() if seen else "inventory:removal-list"
