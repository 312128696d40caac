"""Forms about acknowledgements."""

from typing import Any, ClassVar

from django import forms
from django.db.models import Q

from inventory.models import Person
from policies.models import PolicyVersion
from policies.models.acknowledgement import AcknowledgementRule, Audience, Group
from ui.forms import DateInput
from workflow.once import OnceForm, OnceReasonForm
from workflow.seen import SeenForm

GROUPS_HELP = "As the roster has them: by kind, and managers by who reports to them."


def departments() -> list[tuple[str, str]]:
    """Those of people at work."""
    found = Person.objects.filter(~Q(status=Person.Status.LEFT), ~Q(department="")).order_by("department")
    return [(one, one) for one in found.values_list("department", flat=True).distinct()]


class CampaignForm(OnceForm):
    """Who is to confirm what until when."""

    version = forms.ModelChoiceField(PolicyVersion.objects.none(), label="Policy", help_text="The version that is in force.")
    audience = forms.ChoiceField(label="Whom", choices=Audience.choices, initial=Audience.EVERYONE)
    departments = forms.MultipleChoiceField(required=False, widget=forms.SelectMultiple({"size": 6}))
    groups = forms.MultipleChoiceField(
        required=False, choices=Group.choices, widget=forms.CheckboxSelectMultiple, help_text=GROUPS_HELP
    )
    people = forms.ModelMultipleChoiceField(
        Person.objects.none(), required=False, label="People", widget=forms.SelectMultiple({"size": 8})
    )
    due_on = forms.DateField(label="Confirm by", widget=DateInput())
    again = forms.BooleanField(
        label="Also those who have confirmed this version", required=False, help_text="Else they are not asked once more."
    )
    fieldsets: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = (
        ("What, and until when", ("version", "due_on")),
        ("Whom", ("audience", "departments", "groups", "people", "again")),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer what is in force, the departments of people at work, and those."""
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        in_force = PolicyVersion.objects.filter(status=PolicyVersion.Status.PUBLISHED)
        fields["version"].queryset = in_force.order_by("title", "pk")
        fields["departments"].choices = departments()
        fields["people"].queryset = Person.objects.filter(~Q(status=Person.Status.LEFT))


class RuleForm(SeenForm, OnceForm):
    """When a policy asks by itself."""

    audience = forms.ChoiceField(
        label="Whom", choices=[one for one in Audience.choices if one[0] != Audience.PEOPLE], initial=Audience.EVERYONE
    )
    departments = forms.MultipleChoiceField(required=False, widget=forms.SelectMultiple({"size": 6}))
    groups = forms.MultipleChoiceField(
        required=False, choices=Group.choices, widget=forms.CheckboxSelectMultiple, help_text=GROUPS_HELP
    )
    days = forms.IntegerField(label="Days to confirm", min_value=1, max_value=90, initial=14)
    after_change = forms.BooleanField(label="After a material change", required=False, initial=True)
    on_joining = forms.BooleanField(
        label="On joining",
        required=False,
        initial=True,
        help_text="Whoever joins, or comes into a department or group: within 14 days.",
    )
    yearly = forms.BooleanField(label="Every year", required=False, initial=True)

    def __init__(self, *args: Any, rule: AcknowledgementRule | None = None, **kwargs: Any) -> None:
        """Offer the departments of people at work, and those it names."""
        super().__init__(*args, **kwargs)
        named = [(one, one) for one in (rule.departments if rule else [])]
        fields: Any = self.fields
        fields["departments"].choices = sorted({*departments(), *named})

    def facts(self) -> dict[str, Any]:
        """As the action takes them."""
        return {name: value for name, value in self.cleaned_data.items() if name not in {"once", "seen"}}


class ConfirmForm(OnceForm):
    """What was shown, and that it was read."""

    content_hash = forms.CharField(widget=forms.HiddenInput, max_length=64, min_length=64)
    read = forms.BooleanField(label="I have read it and will keep to it")


class GivenConfirmationForm(forms.Form):
    """The same from a program."""

    content_hash = forms.CharField(max_length=64, min_length=64, help_text="Of the version that was shown.")
    read = forms.BooleanField(help_text="That whoever confirms has read it and will keep to it.")


class CloseForm(OnceReasonForm):
    """Why nobody is asked any more."""
