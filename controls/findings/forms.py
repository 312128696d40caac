"""Forms about findings."""

from typing import Any, ClassVar

from django import forms
from django.db.models import Q, QuerySet

from controls.criteria import CRITERION_CHOICES
from controls.findings.sources import LINK_HELP, checked_link
from controls.models import Control, Finding
from controls.models.finding import DUE_DAYS
from evidence.models import Evidence
from inventory.models import Person
from ui.forms import DateInput, FilesField, TextArea
from workflow.once import OnceForm

LONGEST = 4000
_DUE_HELP = "Left empty: {critical}, {high}, {medium} or {low} days from today for critical, high, medium or low.".format(
    **DUE_DAYS
)


def _text(rows: int, **kwargs: Any) -> forms.CharField:
    return forms.CharField(required=False, max_length=LONGEST, widget=TextArea(rows=rows), **kwargs)


class FindingFields(forms.ModelForm):  # type: ignore[type-arg] # generic for the type checker only
    """What is written about a finding."""

    criterion = forms.ChoiceField(choices=[("", "None named"), *CRITERION_CHOICES], required=False)
    risk = _text(2, help_text="What could happen because of it.")
    remediation = _text(3, label="What has to be done")
    evidence_required = _text(2, label="Evidence required", help_text="What must be there before it is retested. Empty: none.")
    link = forms.CharField(label="Where it was seen", required=False, max_length=300, help_text=LINK_HELP)

    fieldsets: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = (
        ("The finding", ("title", "severity", "risk")),
        ("Where it comes from", ("source", "link", "control", "criterion")),
        ("What has to be done", ("remediation", "evidence_required", "due_on")),
    )

    class Meta:
        model = Finding
        fields: ClassVar = [
            "title", "severity", "risk", "source", "link", "control", "criterion", "remediation", "evidence_required", "due_on",
        ]  # fmt: skip
        widgets: ClassVar = {"due_on": DateInput()}
        labels: ClassVar = {"title": "What is wrong", "source": "Comes from"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer controls in service, and the present one."""
        super().__init__(*args, **kwargs)
        offered = Control.objects.filter(Q(status=Control.Status.ACTIVE) | Q(pk=self.instance.control_id))
        self.fields["control"].queryset = offered  # type: ignore[attr-defined]

    def clean_link(self) -> str:
        """An address, in this workspace or on the web."""
        return checked_link(self.cleaned_data["link"])

    def facts(self) -> dict[str, Any]:
        """As the actions take them."""
        return {name: value for name, value in self.cleaned_data.items() if name != "once"}


class FindingForm(FindingFields):
    """A finding that is there."""


class NewFindingForm(FindingFields, OnceForm):
    """A new one."""

    owner = forms.ModelChoiceField(
        Person.objects.none(), required=False, empty_label="The control's owner", help_text="Who puts it right."
    )
    fieldsets: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = (
        *FindingFields.fieldsets[:2],
        ("What has to be done", ("remediation", "evidence_required", "owner", "due_on")),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer people who work here."""
        super().__init__(*args, **kwargs)
        self.fields["due_on"].required = False
        self.fields["due_on"].help_text = _DUE_HELP
        self.fields["owner"].queryset = at_work()  # type: ignore[attr-defined]


class BulkHandOnForm(forms.Form):
    """To whom, and why."""

    owner = forms.ModelChoiceField(Person.objects.none(), label="To whom")
    reason = forms.CharField(label="Why", widget=TextArea(rows=2), max_length=1000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer people who work here."""
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = at_work()  # type: ignore[attr-defined]


class HandOnForm(BulkHandOnForm, OnceForm):
    """The same, for one."""


class SupplyForm(OnceForm):
    """Files, and items that are here already."""

    files = FilesField(label="Evidence", required=False, hint="One file or several")  # type: ignore[assignment] # it is a field
    evidence = forms.ModelMultipleChoiceField(
        Evidence.objects.none(),
        label="Evidence that is here already",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, items: QuerySet[Evidence] | None = None, **kwargs: Any) -> None:
        """Offer items, to those who may see evidence."""
        super().__init__(*args, **kwargs)
        if items is None:
            del self.fields["evidence"]
        else:
            self.fields["evidence"].queryset = items  # type: ignore[attr-defined]


class HandInForm(SupplyForm):
    """What was done, and what shows it."""

    done = forms.CharField(label="What was done", widget=TextArea(rows=3), max_length=LONGEST)
    field_order = ("done", "files", "evidence")


class RetestForm(OnceForm):
    """What the retest found."""

    result = forms.ChoiceField(
        choices=[("pass", "It is put right: close it"), ("fail", "It is not: back to remediation")], widget=forms.RadioSelect
    )
    retested_on = forms.DateField(label="Retested on", widget=DateInput())
    note = forms.CharField(label="What you looked at and found", widget=TextArea(rows=3), max_length=LONGEST)


class AcceptForm(OnceForm):
    """Why it stays, and until when."""

    reason = forms.CharField(label="Why it is accepted", widget=TextArea(rows=3), max_length=2000)
    until = forms.DateField(
        label="Until", widget=DateInput(), help_text="It opens again by itself after this day. A year from today at most."
    )


def at_work() -> QuerySet[Person]:
    """People who work here."""
    return Person.objects.exclude(status=Person.Status.LEFT)
