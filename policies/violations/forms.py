"""Forms about violations."""

from typing import Any, ClassVar

from django import forms
from django.db.models import Q

from controls.models.control import Priority
from inventory.models import Person
from policies.models import Policy, Violation
from policies.models.violation import LONGEST
from ui.forms import DateInput, TextArea
from ui.moments import LocalMomentField, name_zone
from workflow.once import OnceForm
from workflow.seen import SeenForm

LONG = 200


class ViolationForm(OnceForm):
    """What is wrong, where, and who puts it right."""

    title = forms.CharField(label="What is wrong", max_length=LONG, help_text="In a line. Never a password or another secret.")
    policy = forms.ModelChoiceField(
        Policy.objects.none(), required=False, empty_label="None named", help_text="Which is not kept."
    )
    resource = forms.CharField(label="Where", max_length=LONG, help_text="The system, account or place.")
    severity = forms.ChoiceField(choices=Priority.choices, initial=Priority.MEDIUM)
    description = forms.CharField(required=False, max_length=LONGEST, widget=TextArea(rows=3))
    person = forms.ModelChoiceField(
        Person.objects.none(), required=False, empty_label="Nobody named", label="Whose", help_text="Who did not keep to it."
    )
    owner = forms.ModelChoiceField(
        Person.objects.none(), required=False, empty_label="As said above, or the policy's owner", label="Who puts it right"
    )
    detected_at = LocalMomentField(label="When it was found", required=False, help_text="Left empty: now.")
    reported_as = forms.CharField(label="System that found it", max_length=100, required=False, help_text="Empty: you did.")
    rule = forms.CharField(
        label="Its rule",
        max_length=100,
        required=False,
        help_text="What the same rule finds at the same place again is counted while it is open.",
    )
    fieldsets: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = (
        ("What is wrong", ("title", "policy", "resource", "severity", "description")),
        ("Whose it is", ("person", "owner")),
        ("How it was found", ("detected_at", "reported_as", "rule")),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer policies in use and people at work."""
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["policy"].queryset = Policy.objects.filter(status=Policy.Status.ACTIVE)
        fields["person"].queryset = fields["owner"].queryset = at_work(None)
        name_zone(self, "detected_at")


class EditForm(SeenForm, OnceForm):
    """What policy it is of, how grave it is, with whom, and by when."""

    policy = forms.ModelChoiceField(Policy.objects.none(), required=False, empty_label="None named")
    severity = forms.ChoiceField(choices=Priority.choices)
    owner = forms.ModelChoiceField(Person.objects.none(), required=False, empty_label="Nobody", label="Who puts it right")
    due_on = forms.DateField(label="Due", widget=DateInput())

    def __init__(self, *args: Any, violation: Violation | None = None, **kwargs: Any) -> None:
        """Offer policies in use and people at work, and those it has."""
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        named = violation.policy_id if violation else None
        fields["policy"].queryset = Policy.objects.filter(Q(status=Policy.Status.ACTIVE) | Q(pk=named))
        fields["owner"].queryset = at_work(violation.owner_id if violation else None)


class RemedyForm(OnceForm):
    """What was done."""

    outcome = forms.CharField(label="What was done", max_length=LONGEST, widget=TextArea(rows=3))


def at_work(beside: Any) -> Any:
    """People who work here, and the one with this key."""
    return Person.objects.filter(~Q(status=Person.Status.LEFT) | Q(pk=beside)).order_by("name", "pk")
