"""Forms about reports."""

from typing import Any

from django import forms

from accounts.models import Member
from tenancy.models import Organization
from ui.forms import DateInput
from workflow.once import OnceForm


class AskForm(OnceForm):
    """Which days are reported."""

    first = forms.DateField(label="From", widget=DateInput)
    last = forms.DateField(label="To, this day included", widget=DateInput)


class RecipientsForm(forms.Form):
    """Who is told of each monthly report."""

    members = forms.ModelMultipleChoiceField(
        Member.objects.none(),
        label="People",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Without anybody chosen, everybody with the executive role is told.",
    )

    def __init__(self, *args: Any, organization: Organization | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if organization is not None:
            members = Member.objects.active().of(organization).order_by("user__name")
            readers = [member.pk for member in members if member.can("reports.read")]
            self.fields["members"].queryset = members.filter(pk__in=readers)  # type: ignore[attr-defined] # a ModelChoiceField
