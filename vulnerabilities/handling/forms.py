"""Forms about vulnerabilities."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from controls.models import Control
from inventory.models import Person
from ui.forms import DateInput, TextArea
from vulnerabilities.models import Severity
from workflow.once import OnceForm

LONGEST = 4000


def at_work() -> QuerySet[Person]:
    """People who work here."""
    return Person.objects.exclude(status=Person.Status.LEFT)


class HandOnFields(forms.Form):
    """To whom, and why."""

    owner = forms.ModelChoiceField(Person.objects.none(), label="To whom")
    reason = forms.CharField(label="Why", widget=TextArea(rows=2), max_length=1000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer people who work here."""
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = at_work()  # type: ignore[attr-defined]


class HandOnForm(HandOnFields, OnceForm):
    """The same, for one."""


class AcceptFields(forms.Form):
    """Why it stays, and until when."""

    reason = forms.CharField(
        label="Why it is accepted", widget=TextArea(rows=3), max_length=2000, help_text="Such as what keeps it from being used."
    )
    until = forms.DateField(label="Until", widget=DateInput(), help_text="It opens again by itself after this day.")


class AcceptForm(AcceptFields, OnceForm):
    """The same, for one."""


class RateForm(OnceForm):
    """How grave it is here, and why."""

    severity = forms.ChoiceField(choices=Severity.choices)
    reason = forms.CharField(
        label="Why", widget=TextArea(rows=3), max_length=2000, help_text="Scans change the severity no more once it is said here."
    )


class FindingOfForm(OnceForm):
    """The control that it speaks against."""

    control = forms.ModelChoiceField(Control.objects.none(), required=False, empty_label="None named")
    risk = forms.CharField(
        label="Risk", required=False, widget=TextArea(rows=2), max_length=LONGEST, help_text="What could happen because of it."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer controls in service."""
        super().__init__(*args, **kwargs)
        self.fields["control"].queryset = Control.objects.filter(status=Control.Status.ACTIVE)  # type: ignore[attr-defined]


class HandInForm(OnceForm):
    """What was done."""

    done = forms.CharField(label="What was done", widget=TextArea(rows=3), max_length=LONGEST)


class RetestForm(OnceForm):
    """What the retest found."""

    result = forms.ChoiceField(choices=[("pass", "It is fixed"), ("fail", "It is not: open again")], widget=forms.RadioSelect)
    retested_on = forms.DateField(label="Retested on", widget=DateInput())
    note = forms.CharField(label="What was tried and found", widget=TextArea(rows=3), max_length=LONGEST)
