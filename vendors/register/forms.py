"""Forms about what is known of a vendor."""

from typing import Any, ClassVar

from django import forms
from django.db.models import Q

from inventory.models import Person, System
from ui.forms import TextArea
from vendors.models import LINE, Vendor
from vendors.tiers import Access, Criticality, DataShared
from workflow.once import OnceForm
from workflow.seen import SeenForm

MOST_LINES = 200
LONGEST = 4000


class LinesField(forms.CharField):
    """Short texts, one a line, in the order given."""

    widget = TextArea(rows=3)

    def prepare_value(self, value: Any) -> Any:
        """Show a list as lines."""
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        """Read the lines, without blank and repeated ones."""
        given = (" ".join(line.split()) for line in (super().to_python(value) or "").splitlines())
        return list(dict.fromkeys(line for line in given if line))

    def validate(self, value: Any) -> None:
        """Each has to fit."""
        super().validate(value)
        if len(value) > MOST_LINES:
            raise forms.ValidationError(f"At most {MOST_LINES} lines.")
        if any("\x00" in line for line in value):
            raise forms.ValidationError("Null characters are not allowed.")
        if any(len(line) > LINE for line in value):
            raise forms.ValidationError(f"A line has at most {LINE} characters.")


class RequestForm(OnceForm):
    """What somebody who asks for a vendor knows of it."""

    name = forms.CharField(label="Vendor", max_length=200)
    website = forms.CharField(required=False, max_length=200)
    service = forms.CharField(label="What it would do for us", max_length=300)
    why = forms.CharField(label="Why it is needed", required=False, widget=TextArea(rows=3), max_length=LONGEST)
    data_shared = forms.TypedChoiceField(
        label="What data it would get", choices=DataShared.choices, coerce=int, widget=forms.RadioSelect
    )
    criticality = forms.TypedChoiceField(
        label="What happens when it fails", choices=Criticality.choices, coerce=int, widget=forms.RadioSelect
    )
    access = forms.TypedChoiceField(
        label="What it could do in our systems", choices=Access.choices, coerce=int, widget=forms.RadioSelect
    )
    is_ai = forms.BooleanField(label="It supplies AI", required=False)
    owner = forms.ModelChoiceField(
        Person.objects.none(), required=False, empty_label="Nobody yet", help_text="Who answers for it while it is used."
    )
    fieldsets: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = (
        ("What it is", ("name", "website", "service", "why", "owner")),
        ("How much would depend on it", ("data_shared", "criticality", "access", "is_ai")),
    )

    def __init__(self, *args: Any, vendor: Vendor | None = None, **kwargs: Any) -> None:
        """Offer people at work, and whom it has."""
        super().__init__(*args, **kwargs)
        whose = Q(pk=vendor.owner_id if vendor else None)
        self.fields["owner"].queryset = Person.objects.filter(~Q(status=Person.Status.LEFT) | whose)  # type: ignore[attr-defined]

    def facts(self) -> dict[str, Any]:
        """As the actions take them."""
        return {name: value for name, value in self.cleaned_data.items() if name not in {"once", "seen"}}


class VendorForm(SeenForm, RequestForm):
    """Everything that is known of a vendor."""

    contacts = LinesField(required=False, help_text="One a line, such as Security: security@vendor.example.")
    systems = forms.ModelMultipleChoiceField(
        System.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Systems of ours that it runs or is connected to.",
    )
    data_classes = LinesField(label="Data it gets", required=False, help_text="One class a line.")
    locations = LinesField(label="Where it keeps or handles data", required=False, help_text="One place a line.")
    subprocessors = LinesField(required=False, help_text="One a line: who, for what, where.")
    notes = forms.CharField(required=False, widget=TextArea(rows=3), max_length=10_000)
    ai_sent = forms.CharField(label="What is sent to it", required=False, widget=TextArea(rows=2), max_length=LONGEST)
    ai_retention = forms.CharField(label="How long it keeps what is sent", required=False, max_length=300)
    ai_training = forms.ChoiceField(label="Does it train its models with it?", choices=Vendor.Training.choices)
    fieldsets: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = (
        ("What it is", ("name", "website", "service", "why", "owner", "contacts")),
        ("How much depends on it", ("data_shared", "criticality", "access")),
        ("Data and systems", ("systems", "data_classes", "locations", "subprocessors")),
        ("AI", ("is_ai", "ai_sent", "ai_retention", "ai_training")),
        ("Notes", ("notes",)),
    )

    def __init__(self, *args: Any, vendor: Vendor | None = None, **kwargs: Any) -> None:
        """Offer systems in use, and those it has."""
        super().__init__(*args, vendor=vendor, **kwargs)
        has = Q(vendors__vendor=vendor) if vendor else Q(pk=None)
        systems = System.objects.filter(Q(status=System.Status.ACTIVE) | has).distinct().order_by("name")
        self.fields["systems"].queryset = systems  # type: ignore[attr-defined]
