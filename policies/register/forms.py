"""Forms about what is kept of a policy beside what it says."""

from typing import Any, ClassVar

from django import forms
from django.db.models import Q

from controls.criteria import CRITERION_CHOICES
from controls.models import Control
from inventory.models import Person
from policies.models import Policy
from ui.forms import TextArea
from workflow.once import OnceForm, OnceReasonForm
from workflow.seen import SeenForm

CHOSEN = ("kind", "owner", "review_months", "quorum", "criteria")


class PolicyFields(forms.Form):
    """Whose it is, how it is kept, and what it documents."""

    kind = forms.ChoiceField(choices=Policy.Kind.choices, initial=Policy.Kind.POLICY)
    owner = forms.ModelChoiceField(
        Person.objects.none(),
        required=False,
        empty_label="Nobody yet",
        help_text="Keeps it up to date, and is reminded of it. Named before it is submitted.",
    )
    review_months = forms.IntegerField(label="Reviewed every so many months", min_value=1, max_value=36, initial=12)
    quorum = forms.IntegerField(
        label="Approvals needed", min_value=1, max_value=9, initial=1, help_text="Never by whoever wrote or submitted it."
    )
    criteria = forms.MultipleChoiceField(choices=CRITERION_CHOICES, required=False, widget=forms.SelectMultiple({"size": 8}))
    controls = forms.ModelMultipleChoiceField(
        Control.objects.none(),
        label="Controls it documents",
        required=False,
        widget=forms.SelectMultiple({"size": 8}),
        help_text="While a version is in force and its review is not overdue, it is the documented policy of these.",
    )
    fieldsets: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = (
        ("Whose it is", ("kind", "owner")),
        ("How it is kept", ("review_months", "quorum")),
        ("What it documents", ("controls", "criteria")),
    )

    def __init__(self, *args: Any, policy: Policy | None = None, **kwargs: Any) -> None:
        """Offer people at work and controls in service, and those it has."""
        super().__init__(*args, **kwargs)
        key = policy.pk if policy else None
        people = Person.objects.filter(~Q(status=Person.Status.LEFT) | Q(policies=key)).distinct()
        controls = Control.objects.filter(Q(status=Control.Status.ACTIVE) | Q(policies__policy=key)).distinct()
        self.fields["owner"].queryset = people  # type: ignore[attr-defined]
        self.fields["controls"].queryset = controls  # type: ignore[attr-defined]

    def facts(self) -> dict[str, Any]:
        """As the actions take them."""
        given = {name: value for name, value in self.cleaned_data.items() if name not in {"once", "seen"}}
        return {**given, "controls": list(given["controls"])}


class NewPolicyForm(PolicyFields, OnceForm):
    """A new one; its text is written on the next page."""

    title = forms.CharField(max_length=200, help_text="Such as Access control.")
    fieldsets: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = (
        ("What it is", ("title", "kind", "owner")),
        *PolicyFields.fieldsets[1:],
    )


class PolicyForm(SeenForm, PolicyFields, OnceForm):
    """One that is there."""


class ReviewForm(OnceForm):
    """What was looked at."""

    note = forms.CharField(
        label="What was looked at, and why nothing changes",
        widget=TextArea(rows=3),
        max_length=5_000,
        help_text="An auditor reads this as the proof of the review.",
    )


class RetireForm(OnceReasonForm):
    """Why it holds no more."""


class RestoreForm(OnceForm):
    """Why it is used again."""

    reason = forms.CharField(label="Why", required=False, widget=TextArea(rows=2), max_length=2_000)
