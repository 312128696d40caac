"""Forms about documents of vendors."""

from typing import Any, ClassVar

from django import forms
from django.db.models import Q

from controls.models import Control, SubserviceOrganization
from inventory.models import Person
from ui.forms import DateInput, DropInput, TextArea, needed_when
from vendors.models import DocumentSubservice, VendorDocument
from workflow.once import OnceForm

MOST = 100
LONGEST = 2000


class DocumentForm(OnceForm):
    """What is known of a document; some of it only of reports."""

    title = forms.CharField(max_length=200, required=False, help_text="Left empty: what kind it is.")
    issued_on = forms.DateField(label="Issued or signed", widget=DateInput())
    expires_on = forms.DateField(
        label="Expires", required=False, widget=DateInput(), help_text="Its owner is reminded before. Left empty: it does not."
    )
    report_type = forms.ChoiceField(label="Type", required=False, choices=[("", "None"), *VendorDocument.Type.choices])
    period_from = forms.DateField(label="From", required=False, widget=DateInput())
    period_to = forms.DateField(label="To", required=False, widget=DateInput(), help_text="Of a Type I report: its day.")
    opinion = forms.ChoiceField(required=False, choices=[("", "None"), *VendorDocument.Opinion.choices])
    auditor = forms.CharField(label="Who audited", required=False, max_length=200)
    exceptions = forms.CharField(
        label="Exceptions in it, and what they mean for us", required=False, widget=TextArea(rows=3), max_length=10_000
    )
    notes = forms.CharField(required=False, widget=TextArea(rows=2), max_length=4000)
    fieldsets: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = (
        ("The document", ("title", "issued_on", "expires_on", "notes")),
        (
            "Of a SOC 2 report; of a bridge letter its days",
            ("report_type", "period_from", "period_to", "opinion", "auditor", "exceptions"),
        ),
    )


class NewDocumentForm(DocumentForm):
    """A document with its file."""

    kind = forms.ChoiceField(choices=VendorDocument.Kind.choices)
    file = forms.FileField(label="The file", widget=DropInput(hint="As it came, such as a PDF"))
    fieldsets: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = (
        ("The document", ("kind", "file", "title", "issued_on", "expires_on", "notes")),
        DocumentForm.fieldsets[1],
    )


class DutiesForm(OnceForm):
    """What a report expects of us."""

    texts = forms.CharField(
        label="What is expected of us",
        widget=TextArea(rows=8),
        max_length=50_000,
        help_text="One complementary user-entity control a line, as the report lists them.",
    )

    def clean_texts(self) -> list[str]:
        """The lines, without blank and repeated ones."""
        texts = list(dict.fromkeys(filter(None, (" ".join(line.split()) for line in self.cleaned_data["texts"].splitlines()))))
        if len(texts) > MOST:
            raise forms.ValidationError(f"At most {MOST} at a time.")
        if any(len(text) > LONGEST for text in texts):
            raise forms.ValidationError(f"A line has at most {LONGEST:,} characters.")
        return texts


class MapForm(OnceForm):
    """Which control of ours does it, and who answers for that."""

    control = forms.ModelChoiceField(Control.objects.none())
    owner = forms.ModelChoiceField(Person.objects.none(), required=False, empty_label="The control's owner")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer controls in service and people at work."""
        super().__init__(*args, **kwargs)
        self.fields["control"].queryset = Control.objects.filter(status=Control.Status.ACTIVE)  # type: ignore[attr-defined]
        self.fields["owner"].queryset = Person.objects.filter(~Q(status=Person.Status.LEFT))  # type: ignore[attr-defined]


class DescribeForm(OnceForm):
    """A vendor as a subservice organization of ours."""

    method = forms.ChoiceField(choices=SubserviceOrganization.Method.choices, widget=forms.RadioSelect)
    expected = forms.CharField(label="Controls expected of it", widget=TextArea(rows=5), max_length=4000)


class SubserviceForm(OnceForm):
    """A subservice organization that the report names."""

    name = forms.CharField(max_length=200)
    service = forms.CharField(label="What it does", required=False, max_length=300)
    method = forms.ChoiceField(choices=DocumentSubservice.Method.choices, widget=forms.RadioSelect)
    expected = needed_when(
        forms.CharField(
            label="Controls expected of it",
            required=False,
            widget=TextArea(rows=4),
            max_length=4000,
            help_text="Needed with the carve-out method: its controls are not in the report.",
        ),
        "method",
        DocumentSubservice.Method.CARVE_OUT,
        says="needed with the carve-out method",
    )
