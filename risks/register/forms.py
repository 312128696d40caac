"""Forms about risks."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from controls.models import Control
from inventory.models import Person
from risks.models import STEPS, Category, Risk, RiskScale, Treatment
from risks.register.actions import linked_codes
from ui.forms import DateInput, TextArea
from workflow.once import OnceForm
from workflow.seen import SeenForm

LONGEST = 5000
REVIEWS = [(30, "Every month"), (90, "Every quarter"), (182, "Twice a year"), (365, "Every year")]


def at_work() -> QuerySet[Person]:
    """People who work here."""
    return Person.objects.exclude(status=Person.Status.LEFT)


def in_service() -> QuerySet[Control]:
    """Controls in service."""
    return Control.objects.filter(status=Control.Status.ACTIVE).order_by("code")


class RiskForm(SeenForm, OnceForm):
    """What could happen, whom it is with, and which controls lower it."""

    statement = forms.CharField(
        label="What could happen",
        max_length=300,
        help_text="In a sentence: an event that would keep you from a promise or a goal.",
    )
    category = forms.ChoiceField(choices=Category.choices)
    cause = forms.CharField(label="Why it could happen", required=False, widget=TextArea(rows=2), max_length=LONGEST)
    consequence = forms.CharField(label="What it would mean", required=False, widget=TextArea(rows=2), max_length=LONGEST)
    owner = forms.ModelChoiceField(
        Person.objects.none(), help_text="Who answers for it. Somebody else accepts it, where it is accepted."
    )
    review_days = forms.IntegerField(
        label="Days between reviews",
        min_value=7,
        max_value=1100,
        initial=365,
        help_text="Such as 30 for the gravest, 365 for others.",
    )
    controls = forms.ModelMultipleChoiceField(
        Control.objects.none(), required=False, label="Controls that lower it", widget=forms.SelectMultiple(attrs={"size": 8})
    )

    def __init__(self, *args: Any, risk: Risk | None = None, **kwargs: Any) -> None:
        """Offer people who work here and controls in service, beside those that the risk has."""
        super().__init__(*args, **kwargs)
        owners, controls = at_work(), in_service()
        if risk is not None:
            owners |= Person.objects.filter(pk=risk.owner_id)
            controls |= Control.objects.filter(code__in=linked_codes(risk))
        self.fields["owner"].queryset = owners.order_by("name")  # type: ignore[attr-defined]
        self.fields["controls"].queryset = controls.order_by("code")  # type: ignore[attr-defined]


class RateForm(SeenForm, OnceForm):
    """How likely and how bad, before and after controls, and where it shall come to; in the words of the scale in force."""

    inherent_likelihood = forms.TypedChoiceField(coerce=int, label="How likely")
    inherent_impact = forms.TypedChoiceField(coerce=int, label="How bad")
    residual_likelihood = forms.TypedChoiceField(coerce=int, label="How likely, with the controls")
    residual_impact = forms.TypedChoiceField(coerce=int, label="How bad, with the controls")
    target_likelihood = forms.TypedChoiceField(coerce=int, required=False, empty_value=None, label="How likely it shall be")
    target_impact = forms.TypedChoiceField(coerce=int, required=False, empty_value=None, label="How bad it shall be")
    reasoning = forms.CharField(
        label="Why it is rated so", widget=TextArea(rows=3), max_length=LONGEST,
        help_text="What speaks for it, what the controls change, and what has changed since it was rated last.",
    )  # fmt: skip
    fieldsets = (
        ("Without controls (inherent)", ("inherent_likelihood", "inherent_impact")),
        ("With the controls there are (residual)", ("residual_likelihood", "residual_impact")),
        ("Where it shall come to (target)", ("target_likelihood", "target_impact")),
        ("", ("reasoning",)),
    )

    def __init__(self, *args: Any, scale: RiskScale, **kwargs: Any) -> None:
        """In the words of `scale`."""
        super().__init__(*args, **kwargs)
        for name in STEPS:
            steps = scale.likelihood if name.endswith("likelihood") else scale.impact
            none = [("", "Not said")] if name.startswith("target") else [("", "Choose")]
            named = [(number, _step(number, one)) for number, one in enumerate(steps, start=1)]
            self.fields[name].choices = [*none, *named]  # type: ignore[attr-defined]


def _step(number: int, one: dict[str, str]) -> str:
    return f"{number}. {one['word']}: {one['meaning']}" if one["meaning"] else f"{number}. {one['word']}"


class TreatForm(SeenForm, OnceForm):
    """What is done about it, and how."""

    treatment = forms.ChoiceField(
        choices=[
            (Treatment.MITIGATE, "Mitigate: make it less likely or less bad"),
            (Treatment.ACCEPT, "Accept: it stays, once somebody else accepts it by name"),
            (Treatment.TRANSFER, "Transfer: such as by insurance or a contract"),
            (Treatment.AVOID, "Avoid: stop doing what brings it"),
        ],
        widget=forms.RadioSelect,
    )
    plan = forms.CharField(label="What is done, or why it can stay", widget=TextArea(rows=3), max_length=LONGEST)


class AcceptFields(forms.Form):
    """Why it stays, and until when."""

    reason = forms.CharField(label="Why it is accepted", widget=TextArea(rows=3), max_length=2000)
    until = forms.DateField(
        label="Until", widget=DateInput(), help_text="It opens again by itself after this day, at most a year ahead."
    )


class AcceptForm(AcceptFields, OnceForm):
    """The same, for one, with the mark of what was seen of it."""

    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)


class OwnerFields(forms.Form):
    """Whom it is with from now on."""

    owner = forms.ModelChoiceField(Person.objects.none(), label="To whom")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer people who work here."""
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = at_work().order_by("name")  # type: ignore[attr-defined]
