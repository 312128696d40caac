"""Forms of the binder."""

from typing import Any, ClassVar

from django import forms

from controls.criteria import CRITERIA, CRITERION_CHOICES
from controls.models import AuditPeriod, Diagram, SubserviceOrganization, SystemFlow, UserEntityControl
from inventory.models import System
from ui.forms import DateInput, DropInput, TextArea
from workflow.once import OnceForm

LONGEST = 40_000
SHORT = 2000


class ReasonForm(OnceForm):
    """Why."""

    reason = forms.CharField(widget=TextArea(rows=3), max_length=SHORT)


class TextForm(OnceForm):
    """A revision of a section."""

    text = forms.CharField(
        widget=TextArea(rows=18),
        max_length=LONGEST,
        help_text="Markdown: an empty line between paragraphs, **bold**, - for lists, ### for a heading. HTML is shown as typed.",
    )
    note = forms.CharField(label="What is different", required=False, max_length=300)
    seen = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)


class ApproveForm(OnceForm):
    """A word on the approval."""

    note = forms.CharField(required=False, max_length=300)


class FreezeForm(OnceForm):
    """Which period."""

    period = forms.ModelChoiceField(AuditPeriod.objects.all(), label="Audit period", empty_label=None)


class SignForm(OnceForm):
    """The assertion as it is signed."""

    text = forms.CharField(label="Assertion", widget=TextArea(rows=14), max_length=SHORT * 5)
    name = forms.CharField(label="Name", max_length=200)
    position = forms.CharField(label="Position", max_length=200, help_text="Such as Chief executive.")


class DiagramForm(OnceForm):
    """A drawing."""

    kind = forms.ChoiceField(label="Which diagram", choices=Diagram.Kind.choices)
    upload = forms.FileField(label="File", widget=DropInput(hint="A PNG, a JPEG or a PDF, whose first page is shown"))
    alternative = forms.CharField(
        label="In words", widget=TextArea(rows=4), max_length=SHORT, help_text="What it shows, for those who cannot see it."
    )
    expires_on = forms.DateField(label="Look at it again by", required=False, widget=DateInput())


class _Criteria(forms.TypedMultipleChoiceField):
    """Criteria as ids."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=CRITERION_CHOICES, required=False, **kwargs)

    def clean(self, value: Any) -> list[str]:
        """In their order."""
        chosen = set(super().clean(value))
        return [key for key in CRITERIA if key in chosen]


class _RowForm(forms.ModelForm):  # type: ignore[type-arg] # generic for the type checker only
    """A row of a table; the constraints are judged by the action."""

    def facts(self) -> dict[str, Any]:
        """As the actions take them."""
        return {name: value for name, value in self.cleaned_data.items() if name != "once"}

    def _get_validation_exclusions(self) -> set[str]:
        return {field.name for field in self._meta.model._meta.fields}


class UserEntityForm(_RowForm):
    """What customers have to do."""

    criteria = _Criteria()

    class Meta:
        model = UserEntityControl
        fields: ClassVar = ["title", "criteria"]
        labels: ClassVar = {"title": "What customers have to do"}


class SubserviceForm(_RowForm):
    """An organization the system leans on."""

    criteria = _Criteria()
    expected = forms.CharField(label="Controls expected of it", widget=TextArea(rows=4), max_length=SHORT)

    class Meta:
        model = SubserviceOrganization
        fields: ClassVar = ["name", "service", "method", "expected", "criteria", "report", "report_until"]
        labels: ClassVar = {"service": "What it does for you", "report": "Report it gave you"}
        widgets: ClassVar = {"report_until": DateInput()}


class FlowForm(_RowForm):
    """Something that goes from one to another."""

    class Meta:
        model = SystemFlow
        fields: ClassVar = ["kind", "source", "target", "outside", "carries", "protection"]
        labels: ClassVar = {"source": "From", "target": "To", "kind": "Kind"}
        help_texts: ClassVar = {"outside": "Such as Customers: leave From or To empty, and this stands in its place."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer systems in use, and the present ones."""
        super().__init__(*args, **kwargs)
        present = [one for one in (self.instance.source_id, self.instance.target_id) if one]
        offered = System.objects.filter(status=System.Status.ACTIVE) | System.objects.filter(pk__in=present)
        for name in ("source", "target"):
            field: Any = self.fields[name]
            field.queryset, field.required, field.empty_label = offered, False, "Somebody outside"


class NewUserEntityForm(UserEntityForm, OnceForm):
    """A new one."""


class NewSubserviceForm(SubserviceForm, OnceForm):
    """A new one."""


class NewFlowForm(FlowForm, OnceForm):
    """A new one."""
