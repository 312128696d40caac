"""Forms about penetration tests."""

from typing import Any, ClassVar

from django import forms
from django.db.models import Q

from inventory.models import Person, System
from ui.forms import DateInput, DropInput, TextArea
from vulnerabilities.handling.forms import LONGEST, at_work
from vulnerabilities.models import PenetrationTest, Severity
from workflow.once import OnceForm


class TestForm(OnceForm):
    """Who tests what, and when."""

    title = forms.CharField(max_length=200, help_text="Such as Application and API, 2026.")
    firm = forms.CharField(max_length=200, help_text="Who tests: an outside firm, or people who did not build it.")
    scope = forms.CharField(
        label="What is tested, and how", widget=TextArea(rows=4), max_length=LONGEST, help_text="Hosts, roles, what is left out."
    )
    starts_on = forms.DateField(label="From", widget=DateInput())
    ends_on = forms.DateField(label="To", widget=DateInput())
    every_days = forms.IntegerField(label="Days until the next", min_value=30, max_value=1100, initial=365)
    system = forms.ModelChoiceField(System.objects.none(), required=False, empty_label="None named")
    owner = forms.ModelChoiceField(
        Person.objects.none(),
        required=False,
        empty_label="Nobody yet",
        help_text="Its findings are with them unless another is named.",
    )
    fieldsets: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = (
        ("What is tested", ("title", "firm", "scope", "system")),
        ("When and whose", ("starts_on", "ends_on", "every_days", "owner")),
    )

    def __init__(self, *args: Any, test: PenetrationTest | None = None, **kwargs: Any) -> None:
        """Offer systems in use and people at work, and those it has."""
        super().__init__(*args, **kwargs)
        kept, whose = Q(pk=test.system_id if test else None), Q(pk=test.owner_id if test else None)
        systems, people = self.fields["system"], self.fields["owner"]
        systems.queryset = System.objects.filter(Q(status=System.Status.ACTIVE) | kept)  # type: ignore[attr-defined]
        people.queryset = Person.objects.filter(~Q(status=Person.Status.LEFT) | whose)  # type: ignore[attr-defined]

    def facts(self) -> dict[str, Any]:
        """As the actions take them."""
        return {name: value for name, value in self.cleaned_data.items() if name != "once"}


class ReportForm(OnceForm):
    """The firm's report."""

    file = forms.FileField(label="The report", widget=DropInput(hint="The firm's report, such as a PDF"))
    reported_on = forms.DateField(label="Dated", widget=DateInput())
    summary = forms.CharField(label="What it says in short", required=False, widget=TextArea(rows=3), max_length=LONGEST)


class NewFindingForm(OnceForm):
    """Something that the report names."""

    identifier = forms.CharField(label="Its number in the report", required=False, max_length=200)
    title = forms.CharField(label="What it is", max_length=200)
    severity = forms.ChoiceField(choices=Severity.choices, initial=Severity.MEDIUM)
    location = forms.CharField(label="Where", required=False, max_length=300)
    description = forms.CharField(required=False, widget=TextArea(rows=4), max_length=LONGEST)
    remediation = forms.CharField(label="What has to be done", required=False, widget=TextArea(rows=3), max_length=LONGEST)
    owner = forms.ModelChoiceField(
        Person.objects.none(), required=False, empty_label="Whoever has the test", help_text="Who fixes it."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer people who work here."""
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = at_work()  # type: ignore[attr-defined]
