"""Forms about audit periods."""

from collections.abc import Iterator
from typing import Any, ClassVar

from django import forms

from controls.criteria import CRITERIA, FAMILIES, Category, Criterion
from controls.models import AuditPeriod, Engagement
from ui.forms import DateInput, TextArea
from workflow.once import OnceForm

OPTIONAL = [(value, label) for value, label in Category.choices if value != Category.SECURITY]


class PeriodForm(forms.ModelForm):  # type: ignore[type-arg] # generic for the type checker only
    """Type, days and categories. A Type I needs one day only."""

    categories = forms.MultipleChoiceField(
        label="Categories besides Security",
        choices=OPTIONAL,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Security is always in scope. Add the others only if customers ask for them.",
    )

    fieldsets: ClassVar = (
        ("The period", ("name", "kind", "starts_on", "ends_on")),
        ("What is in scope", ("categories",)),
    )

    class Meta:
        model = AuditPeriod
        fields: ClassVar = ["name", "kind", "starts_on", "ends_on"]
        widgets: ClassVar = {"starts_on": DateInput(), "ends_on": DateInput()}
        help_texts: ClassVar = {
            "name": "Such as SOC 2 Type II 2026.",
            "kind": "Type I looks at one day, Type II at a span: commonly 3, 6 or 12 months.",
            "starts_on": "For Type I the as-of date.",
            "ends_on": "Left empty, a Type I ends on the day it begins.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ends_on"].required = False
        self.initial.setdefault("categories", self.instance.categories)

    def clean(self) -> dict[str, Any]:
        """The end of a Type I is its day."""
        given = super().clean() or self.cleaned_data
        if given.get("kind") == AuditPeriod.Kind.TYPE_1 and given.get("starts_on"):
            if given.get("ends_on") not in (None, given["starts_on"]):
                self.add_error("ends_on", "A Type I report is as of one day: leave this empty.")
            given["ends_on"] = given["starts_on"]
        elif not given.get("ends_on") and "ends_on" not in self.errors:
            self.add_error("ends_on", "A Type II period needs an end.")
        return given

    def facts(self) -> dict[str, Any]:
        """The period's fields, as the actions take them."""
        return {name: value for name, value in self.cleaned_data.items() if name != "once"}


class NewPeriodForm(PeriodForm, OnceForm):
    """A new period."""


class NoteForm(forms.Form):
    """A note for the trail."""

    reason = forms.CharField(label="Note", required=False, widget=TextArea(rows=2), max_length=2000)


class ExclusionForm(forms.Form):
    """Which criteria are not relevant, and why."""

    criteria = forms.MultipleChoiceField(label="Criteria that are not relevant", widget=forms.CheckboxSelectMultiple)
    reason = forms.CharField(
        widget=TextArea(rows=3), max_length=2000, help_text="It stands in the system description, so write it for its readers."
    )

    def __init__(self, *args: Any, offered: list[Criterion], **kwargs: Any) -> None:
        """Offer what is in scope, by family."""
        super().__init__(*args, **kwargs)
        self.fields["criteria"].choices = list(by_family(offered))  # type: ignore[attr-defined]


def by_family(criteria: list[Criterion]) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Groups for a choice field: (family with its title, its criteria)."""
    for family, title in FAMILIES.items():
        if members := [(one.key, str(one)) for one in criteria if one.family == family]:
            yield f"{family} {title}", members


def criteria_named(keys: list[str]) -> list[Criterion]:
    """The criteria of these keys; unknown ones are left out."""
    return [CRITERIA[key] for key in keys if key in CRITERIA]


class EngagementForm(forms.ModelForm):  # type: ignore[type-arg] # generic for the type checker only
    """Who audits, when, and what came of it."""

    fieldsets: ClassVar = (
        ("The auditor", ("firm", "contact", "email", "fee")),
        ("Dates", ("engaged_on", "fieldwork_from", "fieldwork_to")),
        ("The report", ("report_issued_on", "opinion", "notes")),
    )

    class Meta:
        model = Engagement
        fields: ClassVar = [
            "firm", "contact", "email", "fee", "engaged_on", "fieldwork_from", "fieldwork_to", "report_issued_on", "opinion",
            "notes",
        ]  # fmt: skip
        labels: ClassVar = {"firm": "Audit firm", "email": "E-mail", "engaged_on": "Engaged on"}
        widgets: ClassVar = {
            "engaged_on": DateInput(), "fieldwork_from": DateInput(), "fieldwork_to": DateInput(),
            "report_issued_on": DateInput(), "notes": TextArea(rows=3, attrs={"maxlength": 4000}),
        }  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Days in their order; an opinion only with its report."""
        given = super().clean() or self.cleaned_data
        begun, ended = given.get("fieldwork_from"), given.get("fieldwork_to")
        if begun and ended and ended < begun:
            self.add_error("fieldwork_to", "It ends before it begins.")
        if given.get("opinion") and not given.get("report_issued_on"):
            self.add_error("report_issued_on", "An opinion is given in a report: say when it was issued.")
        if len(given.get("notes", "")) > 4000:
            self.add_error("notes", "At most 4,000 characters.")
        return given
