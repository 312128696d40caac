"""Forms of deciding."""

from typing import Any

from django import forms

from inventory.models import Person
from inventory.people.deciding import routable_people
from reviews.campaigns.forms import PersonChoice
from reviews.deciding.rules import Choice
from reviews.models import Item
from tenancy.models import current_organization
from ui.forms import TextArea, needed_when

CHANGE_REASON_CODES = (Item.Reason.MOVED, Item.Reason.NOT_USED, Item.Reason.OTHER)


class ReassignForm(forms.Form):
    """To whom, and why."""

    to = PersonChoice(Person.objects.none(), label="To", help_text="People at work with an account here that may decide.")
    reason = forms.CharField(max_length=2000, widget=TextArea(rows=2))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = current_organization().today()
        self.fields["to"].queryset = routable_people(today)  # type: ignore[attr-defined]


class RemoveForm(forms.Form):
    """Why many rows should go."""

    reason_code = forms.ChoiceField(label="Reason", choices=Item.Reason)
    reason = needed_when(
        forms.CharField(
            label="In words", required=False, max_length=2000, widget=TextArea(rows=2), help_text="Needed for another reason."
        ),
        "reason_code",
        Item.Reason.OTHER,
        says="needed for another reason",
    )

    decision = Item.Decision.REVOKE

    def choice(self) -> Choice:
        """The decision that was chosen."""
        return Choice(self.decision, **self.cleaned_data)


class ChangeForm(RemoveForm):
    """Which role many rows should have instead."""

    target_role = forms.CharField(label="Role they should have instead", max_length=500)
    reason_code = forms.ChoiceField(label="Reason", choices=[(one.value, one.label) for one in CHANGE_REASON_CODES])
    field_order = ("target_role", "reason_code", "reason")

    decision = Item.Decision.MODIFY


class DecisionForm(forms.Form):
    """What a row or its page sends: a decision and what it needs. The rules say what is missing."""

    decision = forms.ChoiceField(choices=[("", "Undecided"), *Item.Decision.choices[:3]], required=False)
    reason_code = forms.ChoiceField(choices=[("", ""), *Item.Reason.choices], required=False)
    reason = forms.CharField(max_length=2000, required=False)
    target_role = forms.CharField(max_length=500, required=False)
