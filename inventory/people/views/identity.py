"""Forms about who a person is: other addresses, and the member."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect

from inventory.models import Person, PersonAlias
from inventory.people import actions, forms
from inventory.people.views.employment import OnePersonForm
from ui.screens import ScreenRequest, screen


class PersonAliasAdd(OnePersonForm):
    """Another address."""

    permission = "people.match"
    form_class = forms.AliasForm
    verb = "Add an address or user name"
    submit_label = "Confirm it"
    explain = "Accounts with this address or user name are matched to the person, now and in every later population."
    success_message = "The address was added."

    def act(self, form: forms.AliasForm) -> Person:
        """Confirm it."""
        actions.add_alias(self.object, actor=self.request.member, key=form.cleaned_data["key"])
        return self.object


class PersonLink(OnePersonForm):
    """Which member a person is."""

    permission = "people.match"
    form_class = forms.MemberForm
    verb = "Link to a member"
    submit_label = "Save the link"
    explain = "The link keeps people from deciding on their own access, and routes work to them."
    success_message = "The link was saved."

    def get_form_kwargs(self) -> dict[str, Any]:
        """Members of this organization."""
        return super().get_form_kwargs() | {"organization": self.request.organization}

    def get_initial(self) -> dict[str, Any]:
        """The present link."""
        return {"member": self.object.member_id}

    def act(self, form: forms.MemberForm) -> Person:
        """Save it."""
        actions.link_member(self.object, actor=self.request.member, member=form.cleaned_data["member"])
        return self.object


@screen("people.match", methods=["POST"])
def remove_alias(request: ScreenRequest, pk: UUID) -> HttpResponse:
    """Take an address back."""
    alias = get_object_or_404(PersonAlias.objects.select_related("person"), pk=pk)
    actions.remove_alias(alias, actor=request.member)
    messages.success(request, f"{alias.key} is no longer an address of {alias.person.name}.")
    return redirect(alias.person)
