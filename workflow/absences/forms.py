"""The form of an absence."""

import datetime as dt
from typing import Any

from django import forms
from django.db.models import QuerySet

from accounts.models import Member
from tenancy.scope import current_tenant_id
from ui.forms import DateInput
from workflow.once import OnceForm


class MemberField(forms.ModelChoiceField):  # type: ignore[type-arg] # generic for the type checker only
    """A member, by name and e-mail."""

    def __init__(self, queryset: Any, *, empty_label: str | None = "Choose somebody", **kwargs: Any) -> None:
        """Say in words what is chosen where nobody is."""
        super().__init__(queryset, empty_label=empty_label, **kwargs)

    def label_from_instance(self, obj: Member) -> str:
        """Both: names are not unique."""
        return f"{obj.name} ({obj.email})"


class AbsenceForm(forms.Form):
    """When somebody is away, and who stands in."""

    starts_on = forms.DateField(label="Away from", widget=DateInput())
    ends_on = forms.DateField(label="Last day away", widget=DateInput())
    deputy = MemberField(
        queryset=Member.objects.none(),
        label="Deputy",
        help_text="Sees what waits for whoever is away, and does it in their own name and with their own rights.",
    )
    note = forms.CharField(
        required=False, max_length=300, help_text="Such as what is urgent. The deputy and those who run the team read it."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the people of the organization."""
        super().__init__(*args, **kwargs)
        self.fields["deputy"].queryset = people_here()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Say at the field that the days are the wrong way round."""
        given: dict[str, Any] = super().clean() or {}
        first: dt.date | None = given.get("starts_on")
        last: dt.date | None = given.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", "The last day is before the first.")
        return given


class NewAbsenceForm(AbsenceForm, OnceForm):
    """A new one; without `for_others` one speaks for oneself."""

    member = MemberField(queryset=Member.objects.none(), required=False, label="Who is away", help_text="Left empty: yourself.")

    field_order = ("member",)

    def __init__(self, *args: Any, for_others: bool = True, **kwargs: Any) -> None:
        """Offer the people of the organization."""
        super().__init__(*args, **kwargs)
        if for_others:
            self.fields["member"].queryset = people_here()  # type: ignore[attr-defined]
        else:
            del self.fields["member"]


def people_here() -> QuerySet[Member]:
    """Members in force who are people, by name."""
    here = Member.objects.active().filter(organization_id=current_tenant_id(), user__is_service=False)
    return here.select_related("user", "organization").order_by("user__name", "user__email")
