"""Screens that move a vendor through its life."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect

from ui.refusals import ActionRefused
from ui.screens import ScreenRequest, screen
from vendors.lifecycle import actions, forms
from vendors.models import Vendor
from vendors.register.views import AboutVendor
from vendors.rights import APPROVE, WRITE, why_not_decide
from workflow.once import OnceReasonForm


@screen(WRITE, methods=["POST"])
def begin(request: ScreenRequest, pk: UUID) -> HttpResponse:
    """Begin to look at it."""
    vendor = actions.begin(get_object_or_404(Vendor, pk=pk), actor=request.member)
    messages.success(request, "Its due diligence has begun.")
    return redirect(vendor)


@screen(WRITE, methods=["POST"])
def leave(request: ScreenRequest, pk: UUID) -> HttpResponse:
    """It has left."""
    vendor = actions.leave(get_object_or_404(Vendor, pk=pk), actor=request.member)
    messages.success(request, f"{vendor.name} has left.")
    return redirect(vendor)


class _Decide(AboutVendor, abstract=True):
    permission = APPROVE
    form_class = forms.DecideForm

    def check(self) -> None:
        """Refuse those who asked for it in words."""
        super().check()
        if refusal := why_not_decide(self.request.member, self.object):
            raise ActionRefused(refusal)


class VendorApprove(_Decide):
    """Decide that a vendor may be used."""

    transition = Vendor.APPROVE
    verb = "Approve"
    submit_label = "Approve it"
    explain = "It may be used then. Whoever asked for it is told, with this reason."
    success_message = "It is approved."

    def act(self, form: forms.DecideForm) -> Vendor:
        """Approve it."""
        return actions.approve(self.object, actor=self.request.member, **form.cleaned_data)


class VendorConfirm(_Decide):
    """Decide that a vendor which is in use already may be used on."""

    transition = Vendor.CONFIRM
    verb = "Use on:"
    submit_label = "It may be used on"
    explain = (
        "It was put into use without a decision. One that may not be used is offboarded. Its owner is told, with the reason."
    )
    success_message = "It is decided on."

    def check(self) -> None:
        """Refuse where a decision stands, or nobody has looked."""
        super().check()
        actions.refuse_confirmed(self.object)

    def act(self, form: forms.DecideForm) -> Vendor:
        """Decide."""
        return actions.confirm(self.object, actor=self.request.member, **form.cleaned_data)


class VendorReject(_Decide):
    """Decide that a vendor may not be used."""

    transition = Vendor.REJECT
    verb = "Reject"
    submit_label = "Reject it"
    tone = "danger"
    explain = "It may not be used. Whoever asked for it is told, with this reason."
    success_message = "It is rejected."

    def act(self, form: forms.DecideForm) -> Vendor:
        """Reject it."""
        return actions.reject(self.object, actor=self.request.member, **form.cleaned_data)


class VendorUse(AboutVendor):
    """Put a vendor into use."""

    transition = Vendor.USE
    form_class = forms.UseForm
    verb = "Put into use:"
    submit_label = "Put it into use"
    explain = "From now on it is reviewed by its tier. What is missing of its due diligence becomes a finding."
    success_message = "It is in use."

    def get_initial(self) -> dict[str, Any]:
        """Today."""
        return {"since": self.request.organization.today()}

    def act(self, form: forms.UseForm) -> Vendor:
        """Put it into use."""
        return actions.use(self.object, actor=self.request.member, **form.cleaned_data)


class VendorOffboard(AboutVendor):
    """Begin to leave a vendor."""

    transition = Vendor.OFFBOARD
    form_class = forms.OffboardForm
    verb = "Offboard"
    submit_label = "Begin the offboarding"
    explain = "It has left once its access is removed and its data is returned or destroyed, each with what shows it."
    success_message = "Its offboarding has begun."

    def act(self, form: forms.OffboardForm) -> Vendor:
        """Begin."""
        return actions.offboard(self.object, actor=self.request.member, **form.cleaned_data)


class VendorKeep(AboutVendor):
    """Use a vendor on after all."""

    transition = Vendor.KEEP
    form_class = OnceReasonForm
    verb = "Keep"
    submit_label = "Keep using it"
    success_message = "It stays in use."

    def act(self, form: OnceReasonForm) -> Vendor:
        """Keep it."""
        return actions.keep(self.object, actor=self.request.member, **form.cleaned_data)


class _Ending(AboutVendor, abstract=True):
    transition = Vendor.LEAVE

    def get_initial(self) -> dict[str, Any]:
        """Today."""
        return {"ended_on": self.request.organization.today()}


class VendorAccessEnd(_Ending):
    """Show that a vendor's access is removed."""

    form_class = forms.AccessEndForm
    verb = "Access removed:"
    submit_label = "Keep it as evidence"
    success_message = "Its access is accounted for."

    def act(self, form: forms.AccessEndForm) -> Vendor:
        """Keep it."""
        return actions.end_access(self.object, actor=self.request.member, **form.cleaned_data)


class VendorDataEnd(_Ending):
    """Show what became of the data that a vendor had."""

    form_class = forms.DataEndForm
    verb = "Data of"
    submit_label = "Keep it as evidence"
    success_message = "Its data is accounted for."

    def act(self, form: forms.DataEndForm) -> Vendor:
        """Keep it."""
        return actions.end_data(self.object, actor=self.request.member, **form.cleaned_data)


class VendorReopen(AboutVendor):
    """Ask again for a vendor that was rejected or has left."""

    transition = Vendor.REOPEN
    form_class = OnceReasonForm
    verb = "Ask again for"
    submit_label = "Ask for it again"
    explain = "It goes through due diligence and decision as if it were new."
    success_message = "It is asked for again."

    def act(self, form: OnceReasonForm) -> Vendor:
        """Ask for it."""
        return actions.reopen(self.object, actor=self.request.member, **form.cleaned_data)
