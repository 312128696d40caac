"""Forms about recovery tests and capacity reviews."""

import datetime as dt
from typing import Any, ClassVar

from django import forms

from inventory.models import System
from monitoring.models import RecoveryTest
from tenancy.models import current_organization
from ui.forms import NOTHING, DateInput, FilesField, TextArea, needed_when
from workflow.once import OnceForm

_MINUTES = "In minutes."
LONG_AGO = dt.timedelta(days=3653)


class TestedForm(OnceForm):
    """What every test is asked: of which system, on which day, and what was learned."""

    system = forms.ModelChoiceField(System.objects.none(), required=False, empty_label="None")
    tested_on = forms.DateField(widget=DateInput, label="On")
    notes = forms.CharField(label="What was learned", widget=TextArea(rows=4), max_length=10_000, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer systems in use; today is proposed."""
        super().__init__(*args, **kwargs)
        self.fields["system"].queryset = System.objects.filter(status=System.Status.ACTIVE)  # type: ignore[attr-defined]
        self.fields["tested_on"].initial = current_organization().today()

    def clean_tested_on(self) -> dt.date:
        """Not in the future."""
        return not_ahead(self.cleaned_data["tested_on"])

    def facts(self) -> dict[str, Any]:
        """As the action takes them."""
        return {name: value for name, value in self.cleaned_data.items() if name != "once"}


class RecoveryForm(TestedForm):
    """What was restored, how long it took, how much was lost, and what shows it."""

    kind = forms.ChoiceField(label="What was tested", choices=RecoveryTest.Kind.choices)
    what = forms.CharField(label="What was restored", max_length=200, help_text="Such as The billing database.")
    rto_target_minutes = forms.IntegerField(
        label="Recovery time, target (RTO)", min_value=1, max_value=525_600, help_text=_MINUTES
    )
    rto_minutes = forms.IntegerField(
        label="Recovery time, achieved", min_value=0, max_value=525_600, required=False,
        help_text=f"{_MINUTES} Empty: it did not come back.",
    )  # fmt: skip
    rpo_target_minutes = forms.IntegerField(
        label="Data that may be lost, target (RPO)", min_value=0, max_value=525_600, help_text=_MINUTES
    )
    rpo_minutes = forms.IntegerField(
        label="Data lost, achieved", min_value=0, max_value=525_600, required=False,
        help_text=f"{_MINUTES} Empty: it could not be told.",
    )  # fmt: skip
    works = forms.BooleanField(
        label="What came back was checked, and works", required=False, help_text="Somebody looked at the data, not at the log."
    )
    uploads = FilesField(label="Evidence", hint="Logs, screenshots, a protocol", help_text="At least one file that shows it.")
    fieldsets: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = (
        ("The test", ("kind", "what", "system", "tested_on")),
        ("How long, and how much", ("rto_target_minutes", "rto_minutes", "rpo_target_minutes", "rpo_minutes", "works")),
        ("What shows it", ("notes", "uploads")),
    )


class CapacityForm(OnceForm):
    """What is used, how it grows, and what is done about it."""

    quarter = forms.ChoiceField(label="Of which quarter")
    reviewed_on = forms.DateField(widget=DateInput, label="On")
    findings = forms.CharField(
        label="What is used, and how it grows", widget=TextArea(rows=5), max_length=10_000,
        help_text="Computing, storage, network and people; the peak, the trend, and when it would be exhausted.",
    )  # fmt: skip
    enough = forms.BooleanField(label="Capacity is enough for the coming quarter", required=False)
    measures = needed_when(forms.CharField(
        label="What is done about it", widget=TextArea(rows=3), max_length=10_000, required=False,
        help_text="Needed where it is not enough.",
    ), "enough", NOTHING, says="needed where it is not enough")  # fmt: skip
    uploads = FilesField(label="Evidence", hint="Graphs, a forecast, minutes", help_text="At least one file that shows it.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer this quarter and the three before it."""
        super().__init__(*args, **kwargs)
        today = current_organization().today()
        quarters = recent_quarters(today, 4)
        self.fields["quarter"].choices = [(day.isoformat(), quarter_words(day)) for day in quarters]  # type: ignore[attr-defined]
        self.fields["quarter"].initial = quarters[0].isoformat()
        self.fields["reviewed_on"].initial = today

    def clean_reviewed_on(self) -> dt.date:
        """Not in the future."""
        return not_ahead(self.cleaned_data["reviewed_on"])

    def facts(self) -> dict[str, Any]:
        """As the action takes them."""
        given = {name: value for name, value in self.cleaned_data.items() if name not in {"once", "quarter"}}
        return {**given, "quarter_starts_on": dt.date.fromisoformat(self.cleaned_data["quarter"])}


def not_ahead(day: dt.date) -> dt.date:
    """A day of the last ten years: what is written once keeps a slip of the year for good. Raises ValidationError."""
    today = current_organization().today()
    if day > today:
        raise forms.ValidationError("This day has not come yet.")
    if day < today - LONG_AGO:
        raise forms.ValidationError("This day is more than ten years ago: is the year right?")
    return day


def recent_quarters(today: dt.date, count: int) -> list[dt.date]:
    """The first days of this quarter and of those before it, the latest first."""
    found = [dt.date(today.year, (today.month - 1) // 3 * 3 + 1, 1)]
    while len(found) < count:
        before = found[-1] - dt.timedelta(days=1)
        found.append(dt.date(before.year, (before.month - 1) // 3 * 3 + 1, 1))
    return found


def quarter_words(day: dt.date) -> str:
    """Such as Q3 2026."""
    return f"Q{(day.month + 2) // 3} {day.year}"
